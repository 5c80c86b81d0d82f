--[[
  Writes a view: the lines of a card, the counts as JSON, the time of the next check in ms, "revision count count …".
  A holder of the lease stores a loaded card; without one, a view that is there moves to newer settled counts and to
  what is pending now.
  KEYS[1] string view   KEYS[2] string lease   KEYS[3] hash sums of what is pending
  KEYS[4] set changes: tokens of transactions of which not all is told yet
  ARGV[1] counts as JSON, a format   ARGV[2] settled "revision count count …", empty when only the pending moved
  ARGV[3] time to live in ms when all is told, empty to leave it
  ARGV[4] the same while something is not   ARGV[5] token   ARGV[6] lines of the card (these three only after a load)
  Returns 1 written, 0 the lease is no longer the caller's or there is no view
]]
local card, settled = ARGV[6], ARGV[2]
if card then
  if redis.call('GET', KEYS[2]) ~= ARGV[5] then return 0 end
  redis.call('DEL', KEYS[2])
else
  card, settled = string.match(redis.call('GET', KEYS[1]) or '', '^(.*)\n[^\n]*\n%d+\n([%d ]+)$')
  if not card then
    if ARGV[2] ~= '' then redis.call('DEL', KEYS[1], KEYS[2]) end -- a load that is under way may have read older rows
    return 0
  end
  local function revision(ledger) return tonumber(string.match(ledger, '^%d+') or -1) end
  if revision(ARGV[2]) > revision(settled) then settled = ARGV[2] end
end

local shown = {}
for count in string.gmatch(settled, ' (%d+)') do
  local pending = redis.call('HGET', KEYS[3], #shown + 1) or 0
  shown[#shown + 1] = math.max(0, count + pending)
end
local check = redis.call('HGET', KEYS[3], 'check') or '0'
local view = table.concat({ card, string.format(ARGV[1], unpack(shown)), check, settled }, '\n')
local isTold = redis.call('EXISTS', KEYS[4]) == 0
local ttl = isTold and ARGV[3] or ARGV[4] or ''
if ttl == '' then redis.call('SET', KEYS[1], view, 'KEEPTTL') else redis.call('SET', KEYS[1], view, 'PX', ttl) end
return 1
