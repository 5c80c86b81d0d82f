--[[
  Tells the cached messages of a conversation of a new one. A message is shown only right after the one before it: a
  reader who asks for what is newer than the last one they saw would else never see one that was told late.
  KEYS[1] sorted set messages   KEYS[2] string lease   KEYS[3] set chat changes: tokens of what is not told yet
  ARGV[1] token   ARGV[2] time of the message before, 0 for the first   ARGV[3] time   ARGV[4] text
  ARGV[5] messages that may be kept   ARGV[6] time to live in ms
  Returns 1 appended or there already, 0 not cached
]]
redis.call('SREM', KEYS[3], ARGV[1])
local base = redis.call('ZSCORE', KEYS[1], 'base')
if base and -base >= tonumber(ARGV[3]) then return 1 end
local follows = base and -base == tonumber(ARGV[2])
if not follows or redis.call('ZCARD', KEYS[1]) > tonumber(ARGV[5]) then
  redis.call('DEL', KEYS[1], KEYS[2]) -- a load that is under way may have read older rows
  return 0
end
redis.call('ZADD', KEYS[1], -ARGV[3], 'base', ARGV[3], ARGV[4])
if redis.call('EXISTS', KEYS[3]) == 0 then redis.call('PEXPIRE', KEYS[1], ARGV[6]) end
return 1
