#!/usr/bin/env bash
# The README's first commands, as written, and every example: they have to work for a newcomer.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

expect() {
    local wanted=$1 got
    shift
    got=$("$@")
    if [ "$got" != "$wanted" ]; then
        printf '%s\n  printed: %s\n  expected: %s\n' "$*" "$got" "$wanted" >&2
        exit 1
    fi
    echo "ok: $*"
}

echo 'function main(n) if n < 2 then return 1 end return main(n - 2) + main(n - 1) end' > "$folder/fib.lua"
expect 89 cargo run --locked --quiet -- run "$folder/fib.lua" 10
expect 89 cargo run --locked --quiet --example fib
expect "Updated Updated" cargo run --locked --quiet --example person
expect 4282878506 cargo run --locked --quiet --example native_module
expect 25 cargo run --locked --quiet --example script_module
expect '{"be":2,"not":1,"or":1,"to":2}' cargo run --locked --quiet --example interpreter
for example in update batch limits; do
    cargo run --locked --quiet --example "$example" >/dev/null
    echo "ok: example $example"
done
