--[[
  Notes what a user has just changed, and forgets what was changed long enough ago.
  KEYS[1] sorted set touched: "user:id" or "video:id" → ms of the change
  ARGV[1] ms for which a change is remembered   ARGV[2…] what was changed
]]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[1])
for i = 2, #ARGV do redis.call('ZADD', KEYS[1], now, ARGV[i]) end
redis.call('PEXPIRE', KEYS[1], ARGV[1])
