--[[
  Writes a view: the lines of a card, the counts as JSON, the time of the next check in ms, "revision count count …".
  A holder of the lease stores a loaded card; without one, a view that is there moves to newer settled counts and to
  what is pending now. Counts that jump over a revision may hold a like of which its writer has not told: it counts twice,
  as settled and as pending, so what is pending is then to be compared with the rows.
  KEYS[1] string view   KEYS[2] string lease   KEYS[3] hash sums of what is pending
  KEYS[4] set changes: tokens of transactions of which not all is told yet
  ARGV[1] counts as JSON, a format   ARGV[2] settled "revision count count …", empty when only the pending moved
  ARGV[3] ms at which that comparison is due
  ARGV[4] time to live in ms when all is told, empty to leave it
  ARGV[5] the same while something is not   ARGV[6] token   ARGV[7] lines of the card (these three only after a load)
  Returns 1 written, 0 the lease is no longer the caller's or there is no view
]]
local card, settled, known = ARGV[7], ARGV[2], ''
local function revision(ledger) return tonumber(string.match(ledger, '^%d+') or -1) end
if card then
  if redis.call('GET', KEYS[2]) ~= ARGV[6] then return 0 end
  redis.call('DEL', KEYS[2])
else
  card, known = string.match(redis.call('GET', KEYS[1]) or '', '^(.*)\n[^\n]*\n%d+\n([%d ]+)$')
  if not card then
    if settled ~= '' then redis.call('DEL', KEYS[1], KEYS[2]) end -- a load that is under way may have read older rows
    return 0
  end
  if revision(settled) <= revision(known) then settled = known end
end

local shown, jumps, knownCounts = {}, revision(settled) > revision(known) + 1, string.gmatch(known, ' (%d+)')
for count in string.gmatch(settled, ' (%d+)') do
  local before, pending = knownCounts(), redis.call('HGET', KEYS[3], #shown + 1)
  shown[#shown + 1] = math.max(0, count + (pending or 0))
  if jumps and pending and count ~= before then
    redis.call('HSET', KEYS[3], 'check', math.min(ARGV[3], redis.call('HGET', KEYS[3], 'check')))
  end
end
local check = redis.call('HGET', KEYS[3], 'check') or '0'
local view = table.concat({ card, string.format(ARGV[1], unpack(shown)), check, settled }, '\n')
local ttl = redis.call('EXISTS', KEYS[4]) == 0 and ARGV[4] or ARGV[5] or ''
if ttl == '' then redis.call('SET', KEYS[1], view, 'KEEPTTL') else redis.call('SET', KEYS[1], view, 'PX', ttl) end
return 1
