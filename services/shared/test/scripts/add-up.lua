--[[
  Adds to a number.
  KEYS[1] string  the number
  ARGV[1] what to add
  Returns the sum
]]
return redis.call('INCRBY', KEYS[1], ARGV[1])
