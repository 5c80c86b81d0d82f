--[[
  Takes one of a holder's places, or keeps it, unless all of them are taken by others.
  KEYS[1] sorted set: token of an upload → ms at which its place is free again
  ARGV[1] token   ARGV[2] places   ARGV[3] ms for which a place is held unless it is kept
  Returns 1 held, 0 all places are taken
]]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
local is_mine = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not is_mine and redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
redis.call('ZADD', KEYS[1], now + ARGV[3], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
