--[[
  Moves the likes that are ahead of one settled count: "pend" adds one, "settle" tells what the rows hold now.
  KEYS[1] hash pending: actor → "version liked base since"; base is what the settled count holds of the actor, as of version since
  KEYS[2] hash sums: column → sum of (liked - base); `check` → ms at which the rest is compared with the rows
  KEYS[3] hash early: actor → version that was settled before it was pended; an API process may be the slower one
  ARGV[1] column   ARGV[2…] for each: "pend" or "settle", actor, version in µs, liked 1|0, base 1|0, since
]]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function delta(entry)
  local liked, base = string.match(entry or '', '^%d+ (%d) (%d)')
  return liked and liked - base or 0
end
local function replace(actor, entry, new)
  if new then redis.call('HSET', KEYS[1], actor, new) else redis.call('HDEL', KEYS[1], actor) end
  redis.call('HINCRBY', KEYS[2], ARGV[1], delta(new) - delta(entry))
end

for i = 2, #ARGV, 6 do
  local action, actor, version, liked, base, since = unpack(ARGV, i, i + 5)
  local entry = redis.call('HGET', KEYS[1], actor)
  local known, knownLiked, settled = string.match(entry or '0 0 ', '^(%d+) (%d) (.*)$')
  local later, early = version - known, redis.call('HGET', KEYS[3], actor) or 0
  local isRecent = version / 1000 > now - 30000 -- after that no process pends it any more, and nobody waits for it
  local isNews = isRecent and later > 0 and tonumber(version) > tonumber(early)
  if action == 'pend' then
    if isNews then replace(actor, entry, version .. ' ' .. liked .. ' ' .. (entry and settled or base .. ' ' .. since)) end
  elseif entry and later >= 0 then
    replace(actor, entry, nil)
  elseif entry and tonumber(since) > tonumber(string.match(settled, ' (%d+)$') or 0) then -- not older than what is settled
    replace(actor, entry, known .. ' ' .. knownLiked .. ' ' .. base .. ' ' .. since)
  end
  if action == 'settle' and isNews then
    redis.call('HSET', KEYS[3], actor, version)
    redis.call('PEXPIRE', KEYS[3], 60000)
  end
end

if redis.call('EXISTS', KEYS[1]) == 1 then return redis.call('HSETNX', KEYS[2], 'check', now + 5000) end
redis.call('HDEL', KEYS[2], ARGV[1])
if redis.call('HLEN', KEYS[2]) == 1 then redis.call('DEL', KEYS[2]) end
