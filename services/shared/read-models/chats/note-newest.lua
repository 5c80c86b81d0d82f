--[[
  Notes the newest message of a user's chats, where a later one is not known. Who tells of a new message notes it also where
  nothing is cached: whoever loads at that moment may have read older rows.
  KEYS[1] hash newest messages: other user → "time sent text"
  ARGV[1] time to live in ms of a new hash   ARGV[2] fields at which the hash is dropped to begin anew
  ARGV[3…] for each chat: other user, "time sent text"
]]
if redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[2]) then redis.call('DEL', KEYS[1]) end
for i = 3, #ARGV, 2 do
  local known = string.match(redis.call('HGET', KEYS[1], ARGV[i]) or '', '^%d+')
  local time = string.match(ARGV[i + 1], '^%d+')
  if not known or tonumber(time) > tonumber(known) then redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
end
redis.call('PEXPIRE', KEYS[1], ARGV[1], 'NX')
return 1
