#!/usr/bin/env python3
"""Write the Debian package list as JSON lines, one object per package.

    dump.py            reads what `apt-cache dumpavail` prints
    dump.py FILE       reads a saved dump, so that the example runs without apt
    dump.py -          reads a dump from standard input

A field that a package lacks is left out: a script then finds nil, and no
placeholder that it would have to know about.
"""

import json
import subprocess
import sys

TEXT_FIELDS = {
    "Package": "package",
    "Source": "source",
    "Version": "version",
    "Architecture": "architecture",
    "Multi-Arch": "multi_arch",
    "Section": "section",
    "Priority": "priority",
    "Maintainer": "maintainer",
    "Depends": "depends",
    "Homepage": "homepage",
}
INTEGER_FIELDS = {"Installed-Size": "installed_size", "Size": "size"}


def stanzas(lines):
    """Yield each stanza as a dict of field name to its list of lines."""
    fields, current = {}, None
    for raw in lines:
        # Old packages carry Latin-1 names; one bad byte must not end the dump.
        line = raw.decode("utf-8", errors="replace").rstrip()
        if not line:
            if fields:
                yield fields
            fields, current = {}, None
        elif line[0] in " \t":
            # Only a line that starts with a blank continues a field; it may
            # contain colons, so this is decided before looking for one.
            if current is not None:
                current.append(line.strip())
        else:
            name, colon, value = line.partition(":")
            current = fields.setdefault(name, []) if colon else None
            if colon:
                current.append(value.strip())
    if fields:
        yield fields


def record(fields):
    result = {}
    for name, key in TEXT_FIELDS.items():
        value = " ".join(fields.get(name, [])).strip()
        if value:
            result[key] = value
    for name, key in INTEGER_FIELDS.items():
        value = " ".join(fields.get(name, []))
        if value.isascii() and value.isdigit():
            result[key] = int(value)
    # The first line is the summary, what follows is a text of many lines.
    # Translated lists call the field "Description-en".
    for name in ("Description", "Description-en"):
        if fields.get(name, [""])[0]:
            result.setdefault("description", fields[name][0])
    tags = [tag.strip() for tag in " ".join(fields.get("Tag", [])).split(",")]
    if any(tags):
        result["tags"] = [tag for tag in tags if tag]
    return result


def write(lines):
    out = sys.stdout.buffer  # bytes: the output is UTF-8 whatever the locale says
    for fields in stanzas(lines):
        if "Package" in fields:
            out.write(json.dumps(record(fields), ensure_ascii=False).encode() + b"\n")
    out.flush()


def main():
    if len(sys.argv) > 2:
        sys.exit("usage: dump.py [FILE | -]")
    if len(sys.argv) == 2 and sys.argv[1] == "-":
        write(sys.stdin.buffer)
    elif len(sys.argv) == 2:
        with open(sys.argv[1], "rb") as dump:
            write(dump)
    else:
        try:
            apt = subprocess.Popen(["apt-cache", "dumpavail"], stdout=subprocess.PIPE)
        except FileNotFoundError:
            sys.exit("dump.py: no apt-cache here; give a saved dump as an argument")
        with apt:
            write(apt.stdout)
        if apt.returncode != 0:
            sys.exit(f"dump.py: apt-cache ended with status {apt.returncode}")


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:
        # `dump.py | head` is a fair thing to do. Closing stderr keeps Python
        # from reporting the same broken pipe again as it exits.
        sys.stderr.close()
        sys.exit(1)
    except OSError as error:
        sys.exit(f"dump.py: {error}")
