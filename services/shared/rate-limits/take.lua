--[[
  Takes pieces out of a bucket that fills evenly, unless they are not there yet. What is kept is the time at which the
  bucket will be full again: a full bucket needs no key.
  KEYS[1] string: µs at which the bucket is full
  ARGV[1] µs in which one piece comes back   ARGV[2] pieces that a full bucket holds   ARGV[3] pieces to take
  Returns 0 taken; else in how many ms they can be taken
]]
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local full = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now) + ARGV[1] * ARGV[3]
local wait = full - now - ARGV[1] * ARGV[2]
if wait > 0 then return math.ceil(wait / 1000) end
redis.call('SET', KEYS[1], string.format('%.0f', full), 'PX', math.ceil((full - now) / 1000))
return 0
