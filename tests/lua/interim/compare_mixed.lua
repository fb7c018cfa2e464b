print(1 < 1.5, 1 <= 1.0, 2^53 == 2^53 + 1)
print(math.maxinteger < 2^63, math.maxinteger + 0.0 == 2^63, math.maxinteger == 2^63)
print(math.mininteger == -2^63, math.mininteger <= -2^63, math.mininteger < -2^63)
print(9007199254740993 < 9007199254740992.0, 9007199254740993 == 9007199254740992.0)
print(9007199254740993 > 9007199254740992.0, 9007199254740992.0 < 9007199254740993)
print(1 < math.huge, -math.huge < math.mininteger, math.maxinteger < math.huge)
local nan = 0/0
print(nan < 1, nan > 1, nan == nan, 1 < nan, nan <= nan)
