--[[
  Hands out the version of a user's next like or unlike: the time in µs, and later than every one before.
  KEYS[1] string clock: the last version   KEYS[2] hash likes   KEYS[3] hash pending given
  ARGV[1] the last version in the rows, empty when it was not looked up   ARGV[2] video id
  ARGV[3] ms that a clock lives when nothing is pending
  Returns {version, floor of the cached likes, the video's version there}; version 0: look the last one up and call again
]]
local last = redis.call('GET', KEYS[1]) or ARGV[1]
if last == '' then return { 0 } end
local time = redis.call('TIME')
local version = math.max(last + 1, time[1] * 1000000 + time[2])
redis.call('SET', KEYS[1], string.format('%.0f', version))
if redis.call('EXISTS', KEYS[3]) == 0 then redis.call('PEXPIRE', KEYS[1], ARGV[3]) end
local cached = redis.call('HMGET', KEYS[2], 'floor', ARGV[2])
return { version, cached[1], cached[2] }
