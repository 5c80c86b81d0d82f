--[[
  A closed loop for wrk over prepared requests, which counts only replies that are right.
  Arguments: file of raw requests separated by zero bytes; number of the first one; least bytes of a right reply
  Prints one line of JSON at the end; latencies in µs.
]]
local threads = {}

function setup(thread) table.insert(threads, thread) end

function init(args)
  local file = assert(io.open(args[1], 'rb'))
  requests, place, least = {}, tonumber(args[2]), tonumber(args[3])
  for request in file:read('*a'):gmatch('[^%z]+') do table.insert(requests, request) end
  file:close()
  right, wrong, example = 0, 0, ''
end

function request()
  place = place % #requests + 1
  return requests[place]
end

function response(status, _, body)
  if status == 200 and #body >= least and body:sub(1, 15) == '{"status_code":' and body:sub(16, 16) == '0' then
    right = right + 1
  else
    wrong, example = wrong + 1, status .. ' ' .. body:sub(1, 200)
  end
end

function done(summary, latency)
  local thread = threads[1]
  local errors = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  if errors > 0 or thread:get('wrong') > 0 then io.stderr:write(thread:get('example'), '\n') end
  local line = '\n{"right":%d,"wrong":%d,"seconds":%f,"p50Us":%d,"p99Us":%d,"p999Us":%d}\n'
  io.write(line:format(thread:get('right'), thread:get('wrong') + errors, summary.duration / 1e6,
    latency:percentile(50), latency:percentile(99), latency:percentile(99.9)))
end
