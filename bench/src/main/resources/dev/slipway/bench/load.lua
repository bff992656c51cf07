-- Follows a table of paths, tokens and bodies. Requests are written once, so that wrk itself costs little.
local requests = {}
local threads = {}
-- In each thread; wrk reads it from there.
refused = 0

function setup(thread)
  table.insert(threads, thread)
end

function init(arguments)
  for index, target in ipairs(targets) do
    local headers = {["Authorization"] = "Bearer " .. target[2]}
    if target[3] then
      headers["Content-Type"] = "application/json"
      requests[index] = wrk.format("POST", target[1], headers, target[3])
    else
      requests[index] = wrk.format("GET", target[1], headers)
    end
  end
end

function request()
  return requests[math.random(#requests)]
end

-- GraphQL says in the body what went wrong; elsewhere the status is enough, and answers are not looked at.
if targets[1][3] then
  function response(status, headers, body)
    if string.find(body, '"errors"', 1, true) then
      refused = refused + 1
    end
  end
end

function done(summary, latency, all)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  for _, thread in ipairs(threads) do
    failed = failed + thread:get("refused")
  end
  io.write(string.format("report requests=%d micros=%d p50=%.1f p99=%.1f errors=%d\n",
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), failed))
end
