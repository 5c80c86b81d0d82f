--[[
  Moves the likes that are ahead of one settled count: "pend" adds one, "settle" tells what the rows hold now.
  KEYS[1] hash pending: actor → "version liked base"; base is what the settled count holds of the actor
  KEYS[2] hash sums: column → sum of (liked - base); `check` → ms at which the rest is compared with the rows
  KEYS[3] hash early: actor → version that was settled before it was pended; an API process may be the slower one
  ARGV[1] column   ARGV[2…] for each: "pend" or "settle", actor, version in µs, liked 1|0, base 1|0 (of a pend)
]]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function delta(entry)
  local liked, base = string.match(entry or '', ' (%d) (%d)$')
  return liked and liked - base or 0
end
local function replace(actor, entry, new)
  if new then redis.call('HSET', KEYS[1], actor, new) else redis.call('HDEL', KEYS[1], actor) end
  redis.call('HINCRBY', KEYS[2], ARGV[1], delta(new) - delta(entry))
end

for i = 2, #ARGV, 5 do
  local action, actor, version, liked, base = unpack(ARGV, i, i + 4)
  local entry = redis.call('HGET', KEYS[1], actor)
  local known, knownLiked, knownBase = string.match(entry or '0 0 ', '^(%d+) (%d) (%d?)')
  local isRecent = version / 1000 > now - 30000 -- after that no process pends it any more, and nobody waits for it
  if action == 'pend' then
    local early = redis.call('HGET', KEYS[3], actor) or 0
    local isLatest = tonumber(version) > math.max(tonumber(known), tonumber(early))
    if isRecent and isLatest then replace(actor, entry, version .. ' ' .. liked .. ' ' .. (entry and knownBase or base)) end
  elseif entry and tonumber(known) <= tonumber(version) then
    replace(actor, entry, nil)
  elseif entry then
    replace(actor, entry, known .. ' ' .. knownLiked .. ' ' .. liked)
  elseif isRecent then
    redis.call('HSET', KEYS[3], actor, version)
    redis.call('PEXPIRE', KEYS[3], 60000)
  end
end

if redis.call('EXISTS', KEYS[1]) == 1 then return redis.call('HSETNX', KEYS[2], 'check', now + 5000) end
redis.call('HDEL', KEYS[2], ARGV[1])
if redis.call('HLEN', KEYS[2]) == 1 then redis.call('DEL', KEYS[2]) end
