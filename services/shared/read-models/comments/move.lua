--[[
  Tells the cached comments of a video of one that is written or deleted; processes may tell theirs in any order.
  KEYS[1] sorted set comments   KEYS[2] string lease   KEYS[3] set comment changes: tokens of what is not told yet
  ARGV[1] token   ARGV[2] revision of the comment   ARGV[3] its member, empty when it is deleted
  ARGV[4] revision of the video's counters in that transaction   ARGV[5] comments that may be kept   ARGV[6] time to live in ms
  The list is dropped at a deletion while something is not told yet: that may be the comment, which must not come back.
  Returns 1 moved, 0 not cached
]]
redis.call('SREM', KEYS[3], ARGV[1])
local isLast = redis.call('EXISTS', KEYS[3]) == 0
local floor, base = unpack(redis.call('ZMSCORE', KEYS[1], 'floor', 'base'))
local isWhole = floor and base and redis.call('ZCARD', KEYS[1]) <= tonumber(ARGV[5])
if not isWhole or (ARGV[3] == '' and not isLast) then
  redis.call('DEL', KEYS[1], KEYS[2]) -- a load that is under way may have read older rows
  return 0
end
if tonumber(ARGV[4]) > -base then
  if ARGV[3] == '' then
    redis.call('ZREMRANGEBYSCORE', KEYS[1], ARGV[2], ARGV[2])
  else
    redis.call('ZADD', KEYS[1], ARGV[2], ARGV[3])
  end
end
if isLast then redis.call('PEXPIRE', KEYS[1], ARGV[6]) end
return 1
