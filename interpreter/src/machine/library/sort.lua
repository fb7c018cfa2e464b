-- A merge sort, bottom up: it ends after n log n comparisons whatever the comparison answers.
local list, less = ...
local size = #list
local from, to = list, {}
local width = 1
while width < size do
    for low = 1, size, 2 * width do
        local middle, high = low + width, low + 2 * width
        if middle > size + 1 then middle = size + 1 end
        if high > size + 1 then high = size + 1 end
        local left, right = low, middle
        for index = low, high - 1 do
            local take_right
            if left >= middle then
                take_right = true
            elseif right >= high then
                take_right = false
            elseif less then
                take_right = less(from[right], from[left])
            else
                take_right = from[right] < from[left]
            end
            if take_right then
                to[index] = from[right]
                right = right + 1
            else
                to[index] = from[left]
                left = left + 1
            end
        end
    end
    from, to = to, from
    width = 2 * width
end
if from ~= list then
    for index = 1, size do list[index] = from[index] end
end
