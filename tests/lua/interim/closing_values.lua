do
    local x <close> = setmetatable({}, {__close = function() print('closed') end})
    print('inside')
end
print('outside')
