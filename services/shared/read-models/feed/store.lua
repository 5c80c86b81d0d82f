--[[
  Stores the newest videos after a miss, unless a video was published in between.
  KEYS[1] sorted set newest   KEYS[2] string lease
  ARGV[1] token   ARGV[2] time to live in ms   ARGV[3] floor   ARGV[4…] for each: member, time of publication
  Returns 1 stored, 0 the lease is no longer the caller's
]]
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1], KEYS[2])
redis.call('ZADD', KEYS[1], -ARGV[3], 'floor')
for i = 4, #ARGV, 2 do redis.call('ZADD', KEYS[1], ARGV[i + 1], ARGV[i]) end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
