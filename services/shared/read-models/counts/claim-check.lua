--[[
  Hands the comparison of overdue pending likes with the rows to one caller.
  KEYS[1] hash sums: `check` → ms at which it is due   ARGV[1] ms until it is due again
  Returns 1 the caller compares, 0 it is not due
]]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local due = redis.call('HGET', KEYS[1], 'check')
if not due or tonumber(due) > now then return 0 end
redis.call('HSET', KEYS[1], 'check', now + ARGV[1])
return 1
