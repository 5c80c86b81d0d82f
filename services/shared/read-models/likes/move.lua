--[[
  Moves a user's cached likes towards later actions; the clock stays for ever while one is pending.
  KEYS[1] hash likes   KEYS[2] sorted set liked   KEYS[3] string lease   KEYS[4] string clock   KEYS[5] hash pending given
  ARGV[1] entries that may be kept   ARGV[2] ms that a clock lives when nothing is pending
  ARGV[3…] for each: video id, author id, version, liked 1|0, the version since which it is so, empty for a like of what
  was liked: it keeps its place until the row says which that is
  Returns 1 moved, 0 not cached
]]
if redis.call('EXISTS', KEYS[5]) == 1 then
  redis.call('PERSIST', KEYS[4])
else
  redis.call('PEXPIRE', KEYS[4], ARGV[2])
end
local floor = redis.call('HGET', KEYS[1], 'floor')
local isWhole = floor and redis.call('ZSCORE', KEYS[2], 'floor')
if not isWhole or redis.call('HLEN', KEYS[1]) > tonumber(ARGV[1]) then
  redis.call('DEL', KEYS[1], KEYS[2], KEYS[3]) -- a load that is under way may have read older rows
  return 0
end
for i = 3, #ARGV, 5 do
  local videoId, authorId, version, liked, since = unpack(ARGV, i, i + 4)
  local known = tonumber(redis.call('HGET', KEYS[1], videoId) or floor)
  local later = version - math.abs(known)
  if later > 0 or (later == 0 and since ~= '') then
    local member = videoId .. ':' .. authorId
    redis.call('HSET', KEYS[1], videoId, liked == '1' and version or '-' .. version)
    if since == '' then since = redis.call('ZSCORE', KEYS[2], member) or (known < 0 and version) or floor end
    local isListed = liked == '1' and tonumber(since) > tonumber(floor) -- below the floor the rows list it
    if isListed then redis.call('ZADD', KEYS[2], since, member) else redis.call('ZREM', KEYS[2], member) end
  end
end
return 1
