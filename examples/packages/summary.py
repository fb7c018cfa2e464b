#!/usr/bin/env python3
"""Print the figures of what `lunapool map` wrote, as one JSON object.

Sixty thousand lines cannot be checked by eye. These few figures can, and they
are chosen so that a record that is lost, doubled, moved or changed shows in at
least one of them: `expected.py` prints the same object from the input alone.
"""

import hashlib
import json
import math
import sys
from collections import Counter


def figures(rows):
    """Total up enriched records, in order. `expected.py` totals its own with it."""
    kept = installed = dependencies = choices = versioned = lists_empty = 0
    areas, classes, domains = Counter(), Counter(), Counter()
    ratios = []
    checksum, everything = hashlib.sha256(), hashlib.sha256()
    for row in rows:
        domain = row.get("maintainer_domain", "-")
        kept += 1
        installed += row["installed_size"]
        dependencies += row["dependency_count"]
        choices += row["choices"]
        versioned += row["versioned"]
        # Not len() == 0: an empty list that was written as {} must not count.
        lists_empty += row["dependencies"] == []
        areas[row["area"]] += 1
        classes[row["size_class"]] += 1
        domains[domain] += 1
        if "size_ratio" in row:
            ratios.append(row["size_ratio"])
        checksum.update(
            f"{row['name']} {row['area']} {row['dependency_count']} {domain}\n".encode()
        )
        # The key and everything else, with the spacing and the order of the
        # members taken out: those belong to the writer and not to the script.
        whole = dict(row, key=json.loads(row["key"]))
        # A ratio of exactly 2 may be written as 2 or as 2.0, and is the same.
        if "size_ratio" in whole:
            whole["size_ratio"] = float(whole["size_ratio"])
        everything.update(json.dumps(whole, sort_keys=True).encode() + b"\n")
    return {
        "kept": kept,
        "installed_kib": installed,
        "dependencies": dependencies,
        "choices": choices,
        "versioned": versioned,
        "without_dependencies": lists_empty,
        # fsum rounds once, so the order of the records does not matter to it.
        "size_ratios": math.fsum(ratios),
        "areas": dict(areas),
        "size_classes": dict(classes),
        # By name where counts are equal, or the fifth place would be chance.
        "top_domains": sorted(domains.items(), key=lambda d: (-d[1], d[0]))[:5],
        "checksum": checksum.hexdigest(),
        "checksum_of_everything": everything.hexdigest(),
    }


def print_figures(found, file=None):
    print(json.dumps(found, indent=2, sort_keys=True), file=file)


if __name__ == "__main__":
    print_figures(figures(json.loads(line) for line in sys.stdin.buffer))
