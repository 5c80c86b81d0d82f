--[[
  Stores the newest entries of a list after a miss, unless a write voided the lease.
  KEYS[1] sorted set list   KEYS[2] string lease   KEYS[3] set changes: tokens of what is not told yet
  ARGV[1] token   ARGV[2] time to live in ms   ARGV[3] the same while changes are not told
  ARGV[4] floor: all entries of a higher score are here   ARGV[5] base: the rows were read after this score was committed
  ARGV[6…] for each entry: score, member
  Returns 1 stored, 0 the lease is no longer the caller's
]]
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1], KEYS[2])
redis.call('ZADD', KEYS[1], -ARGV[4], 'floor', -ARGV[5], 'base')
for i = 6, #ARGV, 2 do redis.call('ZADD', KEYS[1], ARGV[i], ARGV[i + 1]) end
redis.call('PEXPIRE', KEYS[1], redis.call('EXISTS', KEYS[3]) == 1 and ARGV[3] or ARGV[2])
return 1
