--[[
  Adds a video to the cached feed and keeps the feed bounded: what falls out raises the floor.
  KEYS[1] sorted set newest: "videoId:authorId" by time of publication in ms; `floor`, below zero: all above it are here
  KEYS[2] string lease   ARGV[1] member   ARGV[2] time of publication   ARGV[3] videos to keep
  Returns 1 added, 0 not cached
]]
local floor = redis.call('ZSCORE', KEYS[1], 'floor')
if not floor then
  redis.call('DEL', KEYS[2]) -- a load that is under way may not have seen the video
  return 0
end
if tonumber(ARGV[2]) <= -floor then return 1 end
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
local surplus = redis.call('ZCARD', KEYS[1]) - 1 - ARGV[3]
if surplus > 0 then
  local oldest = redis.call('ZRANGEBYSCORE', KEYS[1], '(0', '+inf', 'WITHSCORES', 'LIMIT', surplus - 1, 1)
  redis.call('ZREMRANGEBYSCORE', KEYS[1], '(0', oldest[2])
  redis.call('ZADD', KEYS[1], -oldest[2], 'floor')
end
return 1
