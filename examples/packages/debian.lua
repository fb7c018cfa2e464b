-- What the fields of a Debian package mean. It knows nothing of records or of
-- JSON, so any script that meets these fields can require it.

local debian = {}

local function trim(text)
    return string.match(text, "^%s*(.-)%s*$")
end

-- "libc6:any (>= 2.34) [amd64]" -> { name = "libc6", constraint = ">= 2.34" }
--
-- The ":any" and the "[amd64]" say on which architecture the package counts,
-- not which package it is, so they are left out.
local function parse_choice(text)
    local name = string.match(text, "^%s*([%w%.%+%-]+)")
    if name == nil then
        return nil
    end
    local operator, version = string.match(text, "%(%s*([<>=]+)%s*([^%s%)]+)%s*%)")
    local choice = { name = name }
    if operator ~= nil then
        choice.constraint = operator .. " " .. version
    end
    return choice
end

-- "a (>= 1), b | c" -> { { name = "a", constraint = ">= 1" },
--                        { name = "b", alternatives = { { name = "c" } } } }
--
-- The first choice of a clause is the clause itself, because that is the one
-- apt installs when none of them is there yet.
function debian.parse_depends(text)
    local clauses = {}
    if text == nil then
        return clauses
    end
    for part in string.gmatch(text, "[^,]+") do
        local clause = nil
        for piece in string.gmatch(part, "[^|]+") do
            local choice = parse_choice(piece)
            if choice ~= nil then
                if clause == nil then
                    clause = choice
                else
                    clause.alternatives = clause.alternatives or {}
                    table.insert(clause.alternatives, choice)
                end
            end
        end
        -- A trailing comma is allowed, and makes no clause.
        if clause ~= nil then
            table.insert(clauses, clause)
        end
    end
    return clauses
end

-- "non-free/games" -> "non-free", "games";  "games" -> "main", "games"
--
-- The main area is the one that is not written.
function debian.classify_section(section)
    if section == nil then
        return "main", "unknown"
    end
    local area, rest = string.match(section, "^([^/]+)/(.+)$")
    if area == nil then
        return "main", section
    end
    return area, rest
end

-- "1:2.0-rc1-3" -> { epoch = 1, upstream = "2.0-rc1", revision = "3" }
--
-- The epoch ends at the first colon and the revision begins after the last
-- hyphen, since the upstream version between them may contain both.
function debian.parse_version(text)
    local epoch, rest = string.match(text, "^(%d+):(.*)$")
    if epoch == nil then
        epoch, rest = "0", text
    end
    local upstream, revision = string.match(rest, "^(.*)%-([^%-]*)$")
    if upstream == nil then
        -- No hyphen: a package made for Debian itself has no revision.
        upstream = rest
    end
    return { epoch = tonumber(epoch), upstream = upstream, revision = revision }
end

-- "Ann Example <ann@Example.org>" -> "Ann Example", "example.org"
--
-- Some fields name several people, or end in a comma: the first one counts.
-- Domains differ in case from package to package, and mean the same.
function debian.split_maintainer(text)
    if text == nil then
        return nil, nil
    end
    local name, mail = string.match(text, "^([^<]*)<([^>]*)>")
    if name == nil then
        return trim(text), nil
    end
    local domain = string.match(mail, "@([^@%s]+)%s*$")
    if domain ~= nil then
        domain = string.lower(domain)
    end
    return trim(name), domain
end

return debian
