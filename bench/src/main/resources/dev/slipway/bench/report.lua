
-- What all loads share: wrk has a state for each of its threads, from which the counts are read at the end.
local threads = {}
refused = 0

function setup(thread)
  table.insert(threads, thread)
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
