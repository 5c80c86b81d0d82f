--[[
  Notes the newest message of a user's chats, where a later one is not known.
  KEYS[1] hash newest messages: other user → "time sent text"
  ARGV[1] time to live in ms when the hash is new, 0: only fields of a hash that is there
  ARGV[2…] for each chat: other user, "time sent text"
]]
if ARGV[1] == '0' and redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
for i = 2, #ARGV, 2 do
  local known = string.match(redis.call('HGET', KEYS[1], ARGV[i]) or '', '^%d+')
  local time = string.match(ARGV[i + 1], '^%d+')
  if not known or tonumber(time) > tonumber(known) then redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
end
if ARGV[1] ~= '0' then redis.call('PEXPIRE', KEYS[1], ARGV[1], 'NX') end
return 1
