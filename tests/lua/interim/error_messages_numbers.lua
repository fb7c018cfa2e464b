local function try(f, ...)
    local ok, e = pcall(f, ...)
    print(ok, (tostring(e):gsub('^[^:]+:%d+: ', ''):gsub(' %([^)]*%)$', '')))
end
try(function() return 1 & 1.5 end)
try(function() return 'abc' + 1 end)
try(function() return 1 // 0 end)
try(function() return 1 % 0 end)
try(function() return 2^53 | 1.5 end)
