--[[
  Hands the right to load a missing key to one caller; others wait for what it stores.
  KEYS[1] the key that may be missing   KEYS[2] string lease: token of the one who loads
  ARGV[1] token   ARGV[2] ms after which a load counts as abandoned
  Returns 2 the key is there, 1 the caller may load, 0 another one is loading
]]
if redis.call('EXISTS', KEYS[1]) == 1 then return 2 end
return redis.call('SET', KEYS[2], ARGV[1], 'NX', 'PX', ARGV[2]) and 1 or 0
