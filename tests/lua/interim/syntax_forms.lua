local f = function(t) return t end
print(f{1}[1], f'x', f"y", f[[z]], #f{1, 2, 3}, ('x'):rep(2), type(f{}))
local t = {1, 2; 3, n = 4, ['k'] = 5,} print(#t, t.n, t.k);;;
local s = ('%s'):format 'arg' print(s)
print(#'abc' + 1, -2 ^ 2, not nil and 1, 2 .. 3, 1 --[[inline]] + 2)
--[==[ block
]] comment ]==]
if false then elseif nil then else print('else') end
local a = {f = {g = function() return {h = 'chain'} end}} print(a.f.g().h, a['f']['g']()['h'])
print((function(...) return select('#', ...) end)(nil, nil))
goto skip
do print('skipped') end
::skip:: print('label')
local function noparens() return 'np' end print(noparens ())
return
