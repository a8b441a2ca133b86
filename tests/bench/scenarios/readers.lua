-- Readers of the public page, for wrk: each path of a file in turn, packed as browsers ask for it; at the end
-- one JSON object on the error stream. The argument is the file.

local paths = {}
local place = 0

function init(arguments)
  for path in io.lines(arguments[1]) do paths[#paths + 1] = path end
  wrk.headers["Accept-Encoding"] = "gzip"
end

function request()
  place = place % #paths + 1
  return wrk.format("GET", paths[place])
end

function done(summary, latency)
  local errors = summary.errors
  io.stderr:write(string.format(
    '{"requests": %d, "seconds": %.6f, "bytes": %d, "p50_ms": %.3f, "p99_ms": %.3f, "longest_ms": %.3f, "failed": %d}\n',
    summary.requests, summary.duration / 1e6, summary.bytes,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, latency.max / 1e3,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
