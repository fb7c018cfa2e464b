#!/usr/bin/env bash
# The package builds with each of its features alone, with none, and its crates build by themselves.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo check --locked -p lunapool --no-default-features
for feature in derive serde json threads; do
    echo "-- $feature"
    cargo check --locked -p lunapool --no-default-features --features "$feature"
done
for crate in lunapool-interpreter lunapool-modules lunapool-executor; do
    echo "-- $crate"
    cargo check --locked -p "$crate" --no-default-features
done
