--[[
  Stores a text that was loaded after a miss, unless a write voided the lease in between.
  KEYS[1] string text   KEYS[2] string lease
  ARGV[1] token   ARGV[2] text   ARGV[3] time to live in ms
  Returns 1 stored, 0 the lease is no longer the caller's
]]
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[2])
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1
