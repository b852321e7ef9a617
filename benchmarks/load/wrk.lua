-- Sends the requests of a file in turn, repeatedly, and writes the figures as a line of JSON.

local requests = {}
local sent = 0

function init(arguments)
  wrk.headers["Authorization"] = "Bearer jane"
  for line in io.lines(arguments[1]) do
    local method, path, body = line:match("^(%S+) (%S+) ?(.*)$")
    if body == "" then
      requests[#requests + 1] = wrk.format(method, path)
    else
      wrk.headers["Content-Type"] = "application/json"
      requests[#requests + 1] = wrk.format(method, path, nil, body)
      wrk.headers["Content-Type"] = nil
    end
  end
end

function request()
  sent = sent + 1
  return requests[(sent - 1) % #requests + 1]
end

function done(summary, latency)
  local errors = summary.errors
  local failed = errors.status + errors.connect + errors.read + errors.write + errors.timeout
  io.write(string.format(
    '{"requests": %d, "seconds": %.6f, "failed": %d, "median_ms": %.3f, "p99_ms": %.3f}\n',
    summary.requests, summary.duration / 1e6, failed,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
