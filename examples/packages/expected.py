#!/usr/bin/env python3
"""Print the figures that enrich.lua must lead to, worked out without any Lua.

It reads the lines that `lunapool map` reads and follows the same rules, written
down a second time in another language. Where the two disagree, one of script,
interpreter and JSON conversion is wrong.

Standard output has exactly the object of `summary.py`. What only the input can
tell (records read, and why some were dropped) goes to standard error, as an
object of its own.
"""

import json
import re
import sys
from collections import Counter

sys.dont_write_bytecode = True  # the import must leave no cache beside the scripts
from summary import figures, print_figures  # noqa: E402

CONSTRAINT = re.compile(r"\(\s*(?:<<|<=|<|=|>=|>>|>)\s*[^\s)]+\s*\)")
PERSON = re.compile(r"([^<]*)<([^>]*)>")
DOMAIN = re.compile(r"@([^@\s]+)\s*$", re.ASCII)


def ascii_lower(text):
    """Lower case as Lua does it: bytes outside ASCII stay what they are."""
    return text.encode().lower().decode()


def reason_to_drop(package):
    if package["package"].endswith(("-dbg", "-dbgsym")):
        return "debug"
    description = ascii_lower(package.get("description", ""))
    if "transitional" in description or "dummy package" in description:
        return "transitional"
    if "installed_size" not in package:
        return "no installed size"
    return None


def parse_version(text):
    version = {"epoch": 0}
    if ":" in text:
        epoch, text = text.split(":", 1)
        version["epoch"] = int(epoch)
    version["upstream"] = text
    if "-" in text:
        version["upstream"], version["revision"] = text.rsplit("-", 1)
    return version


def enrich(package):
    area, slash, section = package.get("section", "unknown").partition("/")
    if not slash:
        area, section = "main", area
    version = parse_version(package["version"])
    installed = package["installed_size"]
    size_class = next(
        (name for kib, name in ((1 << 10, "small"), (1 << 14, "medium"), (1 << 18, "large"))
         if installed < kib),
        "huge",
    )
    clauses = [
        clause.split("|") for clause in package.get("depends", "").split(",") if clause.strip()
    ]
    # A dict keeps the order of first mention, as the list in Lua does.
    names = list(dict.fromkeys(re.split(r"[\s:(\[<]", c[0].strip())[0] for c in clauses))
    row = {
        "name": package["package"],
        "area": area,
        "section": section,
        "version": version,
        "installed_size": installed,
        "size_class": size_class,
        "key": json.dumps([package["package"], package.get("architecture", "all"), version]),
        "dependencies": names,
        "dependency_count": len(names),
        "choices": sum(len(c) > 1 for c in clauses),
        "versioned": sum(bool(CONSTRAINT.search(c[0])) for c in clauses),
    }
    if "maintainer" in package:
        person = PERSON.match(package["maintainer"])
        row["maintainer"] = (person[1] if person else package["maintainer"]).strip(" \t")
        domain = person and DOMAIN.search(person[2])
        if domain:
            row["maintainer_domain"] = ascii_lower(domain[1])
    if package.get("size", 0) > 0:
        row["size_ratio"] = installed * 1024 / package["size"]
    return row


def main():
    packages = [json.loads(line) for line in sys.stdin.buffer]
    reasons = [reason_to_drop(package) for package in packages]
    print_figures(figures(enrich(p) for p, why in zip(packages, reasons) if why is None))
    dropped = Counter(why for why in reasons if why is not None)
    print_figures({"records": len(packages), "dropped": dict(dropped)}, file=sys.stderr)


if __name__ == "__main__":
    main()
