-- Keeps the packages that a person would choose to install, and says about
-- each what its raw fields only imply.

local debian = require("debian")
local json = require("json")

-- Upper bounds in MiB. A list and not a map, because the order decides.
local size_classes = {
    { below = 1, name = "small" },
    { below = 16, name = "medium" },
    { below = 256, name = "large" },
}

local function size_class(installed_kib)
    local mib = installed_kib // 1024
    for _, class in ipairs(size_classes) do
        if mib < class.below then
            return class.name
        end
    end
    return "huge"
end

local function is_debug(name)
    return string.find(name, "%-dbg$") ~= nil or string.find(name, "%-dbgsym$") ~= nil
end

-- "dummy" alone is not enough: there are a "double dummy solver" for bridge
-- and a "dummy display driver", and both do something.
local function is_transitional(description)
    local text = string.lower(description or "")
    return string.find(text, "transitional", 1, true) ~= nil
        or string.find(text, "dummy package", 1, true) ~= nil
end

local function add_dependencies(result, depends)
    -- An array even when it stays empty: whoever reads the output can then
    -- loop over `dependencies` without asking what it is.
    local names = json.array()
    local seen = {}
    local choices, versioned = 0, 0
    for _, clause in ipairs(debian.parse_depends(depends)) do
        -- A range of versions is written as two clauses of the same name.
        if not seen[clause.name] then
            seen[clause.name] = true
            table.insert(names, clause.name)
        end
        if clause.alternatives ~= nil then
            choices = choices + 1
        end
        if clause.constraint ~= nil then
            versioned = versioned + 1
        end
    end
    result.dependencies = names
    result.dependency_count = #names
    result.choices = choices
    result.versioned = versioned
end

function main(record)
    if is_debug(record.package) or is_transitional(record.description) then
        return nil
    end
    if record.installed_size == nil then
        return nil
    end

    local area, section = debian.classify_section(record.section)
    local version = debian.parse_version(record.version)
    local maintainer, domain = debian.split_maintainer(record.maintainer)

    local result = {
        name = record.package,
        area = area,
        section = section,
        version = version,
        maintainer = maintainer,
        maintainer_domain = domain,
        installed_size = record.installed_size,
        size_class = size_class(record.installed_size),
        -- One string that tells this build of the package from every other. It is
        -- JSON because names and versions may contain any separator one would
        -- pick, and an array because its order is then part of the key.
        key = json.encode({ record.package, record.architecture or "all", version }),
    }
    -- A package that was installed from a file is in the list without `size`.
    if record.size ~= nil and record.size > 0 then
        result.size_ratio = record.installed_size * 1024 / record.size
    end
    add_dependencies(result, record.depends)
    return result
end
