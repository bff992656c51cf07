-- Follows a table of paths and tokens. Requests are written once, so that wrk itself costs little.
local requests = {}

function init(arguments)
  for index, target in ipairs(targets) do
    requests[index] = wrk.format("GET", target[1], {["Authorization"] = "Bearer " .. target[2]})
  end
end

function request()
  return requests[math.random(#requests)]
end

function done(summary, latency, all)
  local errors = summary.errors
  io.write(string.format("report requests=%d micros=%d p50=%.1f p99=%.1f errors=%d\n",
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
