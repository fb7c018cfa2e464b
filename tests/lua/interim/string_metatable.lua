print(type(getmetatable('')))
print(getmetatable('').__index == string)
