local function sieve(n) local p, r = {}, {} for i = 2, n do if not p[i] then r[#r + 1] = i for j = i * i, n, i do p[j] = true end end end return r end
print(table.concat(sieve(60), ' '))
local function gcd(a, b) while b ~= 0 do a, b = b, a % b end return a end print(gcd(48, 36), gcd(17, 5))
local function hanoi(n, a, b, c) if n == 0 then return 0 end return hanoi(n - 1, a, c, b) + 1 + hanoi(n - 1, c, b, a) end print(hanoi(8, 'a', 'b', 'c'))
local memo = {} local function fib(n) if n < 2 then return n end if not memo[n] then memo[n] = fib(n - 1) + fib(n - 2) end return memo[n] end print(fib(80))
local function queens(n) local count, cols, d1, d2 = 0, {}, {}, {} local function place(r) if r > n then count = count + 1 return end for c = 1, n do if not (cols[c] or d1[r + c] or d2[r - c + n]) then cols[c], d1[r + c], d2[r - c + n] = true, true, true place(r + 1) cols[c], d1[r + c], d2[r - c + n] = nil, nil, nil end end end place(1) return count end print(queens(6))
local function wordcount(s) local c = {} for w in s:lower():gmatch('%a+') do c[w] = (c[w] or 0) + 1 end local k = {} for w in pairs(c) do k[#k + 1] = w end table.sort(k, function(a, b) if c[a] ~= c[b] then return c[a] > c[b] end return a < b end) for _, w in ipairs(k) do print(w, c[w]) end end
wordcount('The cat and the dog and the bird')
local function json(v) if type(v) == 'table' then local o = {} if #v > 0 then for i, x in ipairs(v) do o[i] = json(x) end return '[' .. table.concat(o, ',') .. ']' end local k = {} for x in pairs(v) do k[#k + 1] = x end table.sort(k) for i, x in ipairs(k) do o[i] = string.format('%q:%s', x, json(v[x])) end return '{' .. table.concat(o, ',') .. '}' elseif type(v) == 'string' then return string.format('%q', v) end return tostring(v) end
print(json({a = {1, 2, {b = true}}, c = 'text', d = 1.5}))
local queue = {first = 1, last = 0} for i = 1, 5 do queue.last = queue.last + 1 queue[queue.last] = i * i end local out = {} while queue.first <= queue.last do out[#out + 1] = queue[queue.first] queue[queue.first] = nil queue.first = queue.first + 1 end print(table.concat(out, ' '))
local matrix = {} for i = 1, 3 do matrix[i] = {} for j = 1, 3 do matrix[i][j] = i * j end end local s = 0 for _, row in ipairs(matrix) do for _, v in ipairs(row) do s = s + v end end print(s)
local function crc(text) local c = 0xFFFFFFFF for i = 1, #text do c = c ~ text:byte(i) for _ = 1, 8 do if c & 1 == 1 then c = (c >> 1) ~ 0xEDB88320 else c = c >> 1 end end end return c ~ 0xFFFFFFFF end print(string.format('%08x', crc('hello')))
