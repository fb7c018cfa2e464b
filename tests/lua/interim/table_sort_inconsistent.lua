-- A comparison that contradicts itself may give any order or an error, and no elements are lost.
local function try(less)
    local t = {}
    for i = 1, 100 do t[i] = (i * 31) % 101 end
    pcall(table.sort, t, less)
    local sum = 0
    for i = 1, #t do sum = sum + t[i] end
    return #t
end
print(try(function() return true end))
print(try(function() return false end))
print(try(function(a, b) return a <= b end))
print(try(function(a, b) return (a + b) % 2 == 0 end))
