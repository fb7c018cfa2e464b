#!/usr/bin/env bash
# All tests: units, behaviour, documentation, the differential tests against lua5.4, the packages example.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo test --locked --workspace
