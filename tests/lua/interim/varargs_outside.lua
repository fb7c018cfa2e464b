print(load('function f() return ... end'))
print(select('#', ...))
