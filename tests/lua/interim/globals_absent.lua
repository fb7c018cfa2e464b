-- What scripts may expect to be there.
for _, name in ipairs({'utf8', 'os', 'io', 'debug', 'package'}) do print(name, type(_G[name])) end
for _, name in ipairs({'dofile', 'loadfile', 'warn'}) do print(name, type(_G[name])) end
for _, name in ipairs({'pack', 'unpack', 'packsize', 'dump', 'len'}) do print(name, type(string[name])) end
