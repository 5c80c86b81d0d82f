--[[
  Tells cached lists of a user of a follow or unfollow that is written; processes may tell theirs in any order.
  KEYS[1] set follow changes: tokens of what is not told yet   KEYS[2…] for each list: sorted set, its lease
  ARGV[1] token   ARGV[2] the other user   ARGV[3] revision of the user's counters in that transaction, 0 for a repetition
  ARGV[4] entries that may be kept   ARGV[5] time to live in ms   ARGV[6…] for each list: 1 the other user is in it, 0 not, - as before
  A list is dropped when a change that is not told yet may be an older one of the same user: it must not come back.
]]
redis.call('SREM', KEYS[1], ARGV[1])
local isLast = redis.call('EXISTS', KEYS[1]) == 0
local revision = tonumber(ARGV[3])
for i = 2, #KEYS, 2 do
  local list, isIn, isOut = KEYS[i], ARGV[5 + i / 2] == '1', ARGV[5 + i / 2] == '0'
  local floor, base, known = unpack(redis.call('ZMSCORE', list, 'floor', 'base', ARGV[2]))
  local isWhole = floor and base and redis.call('ZCARD', list) <= tonumber(ARGV[4])
  if not isWhole or (isOut and not isLast) then
    redis.call('DEL', list, KEYS[i + 1]) -- a load that is under way may have read older rows
  elseif revision > -base then
    if isIn then redis.call('ZADD', list, 'GT', revision, ARGV[2]) end
    if isOut and known and tonumber(known) < revision then redis.call('ZREM', list, ARGV[2]) end
  end
  if isLast then redis.call('PEXPIRE', list, ARGV[5]) end
end
return 1
