--[[
  Stores the newest likes of a user after a miss, unless a write voided the lease; what is pending goes on top.
  KEYS[1] hash likes   KEYS[2] sorted set liked   KEYS[3] string lease
  KEYS[4] hash pending given: "videoId:authorId" → "version liked …"
  ARGV[1] token   ARGV[2] time to live in ms   ARGV[3] floor   ARGV[4…] for each like: video id, author id, version,
  the version since which it holds
  Returns 1 stored, 0 the lease is no longer the caller's
]]
if redis.call('GET', KEYS[3]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1], KEYS[2], KEYS[3])
redis.call('HSET', KEYS[1], 'floor', ARGV[3])
redis.call('ZADD', KEYS[2], -ARGV[3], 'floor')
for i = 4, #ARGV, 4 do
  redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 2])
  redis.call('ZADD', KEYS[2], ARGV[i + 3], ARGV[i] .. ':' .. ARGV[i + 1])
end
local pending = redis.call('HGETALL', KEYS[4])
for i = 1, #pending, 2 do
  local videoId = string.match(pending[i], '^%d+')
  local version, liked = string.match(pending[i + 1], '^(%d+) (%d)')
  if tonumber(version) > tonumber(redis.call('HGET', KEYS[1], videoId) or 0) then
    redis.call('HSET', KEYS[1], videoId, liked == '1' and version or '-' .. version)
    if liked == '1' then redis.call('ZADD', KEYS[2], 'NX', version, pending[i]) else redis.call('ZREM', KEYS[2], pending[i]) end
  end
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('PEXPIRE', KEYS[2], ARGV[2])
return 1
