--[[
  Notes how far a warm-up has come, unless the cache was lost meanwhile or another run has begun.
  KEYS[1] hash warm-up
  ARGV[1] run   ARGV[2] progress
  Returns 1 noted, 0 the run is no longer the one that fills this cache
]]
if redis.call('HGET', KEYS[1], 'run') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'progress', ARGV[2])
return 1
