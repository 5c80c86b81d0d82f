--[[
  Stores the newest comments of a video after a miss, unless a write voided the lease.
  KEYS[1] sorted set comments   KEYS[2] string lease   KEYS[3] set comment changes
  ARGV[1] token   ARGV[2] time to live in ms   ARGV[3] the same while changes are not told
  ARGV[4] floor: all comments of a higher revision are here   ARGV[5] base: the rows were read after this revision was committed
  ARGV[6…] for each comment: revision, member
  Returns 1 stored, 0 the lease is no longer the caller's
]]
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1], KEYS[2])
redis.call('ZADD', KEYS[1], -ARGV[4], 'floor', -ARGV[5], 'base')
for i = 6, #ARGV, 2 do redis.call('ZADD', KEYS[1], ARGV[i], ARGV[i + 1]) end
redis.call('PEXPIRE', KEYS[1], redis.call('EXISTS', KEYS[3]) == 1 and ARGV[3] or ARGV[2])
return 1
