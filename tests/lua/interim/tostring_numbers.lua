for _, x in ipairs {1, -1, 0, 1.0, -1.5, 1e10, 1e15, 1e16, 1e20, 1e300, 1e-7, 123456.789, 0.1, 1/3, 2^24, 2^31, 2^53, 2^63} do
    print(x, tostring(x), #tostring(x))
end
print(math.maxinteger, math.mininteger)
print(tostring(nil), tostring(true), tostring(false))
print(-0.0, 0.0, 1e1, 12345678901234.5)
