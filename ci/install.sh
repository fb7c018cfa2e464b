#!/usr/bin/env bash
# Installs what the tests need beside the Rust toolchain: lua5.4 to compare with, Python to compute figures
# independently, and the package lists that the example reads.
set -euo pipefail

missing=()
for command in lua5.4 python3; do
    command -v "$command" >/dev/null || missing+=("$command")
done
# The reader stops early, which its writer must not fail for.
lists=$( (apt-cache dumpavail 2>/dev/null || true) | head -c 1000000 | wc -c)

if [ ${#missing[@]} -gt 0 ] || [ "$lists" -lt 1000000 ]; then
    apt-get update -q
fi
if [ ${#missing[@]} -gt 0 ]; then
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"
fi
if ! cargo fmt --version >/dev/null 2>&1 || ! cargo clippy --version >/dev/null 2>&1; then
    rustup component add rustfmt clippy
fi
