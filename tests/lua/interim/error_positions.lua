print(pcall(function()
    local x
    return x.y
end))
print(pcall(function() return 1 + nil end))
print(pcall(string.rep))
