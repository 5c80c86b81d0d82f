--[[
  Notes how far a warm-up has come when it begins; one that goes on keeps what it had noted.
  KEYS[1] hash warm-up
  ARGV[1] run   ARGV[2] progress at its beginning
  Returns the progress that holds
]]
if redis.call('HGET', KEYS[1], 'run') ~= ARGV[1] then
  redis.call('HSET', KEYS[1], 'run', ARGV[1], 'progress', ARGV[2])
end
return redis.call('HGET', KEYS[1], 'progress')
