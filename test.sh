#!/usr/bin/env bash
# Runs every test: with cargo-nextest where it is installed, else with cargo alone.
set -euo pipefail
cd "$(dirname "$0")"
bash setup.sh
# The same random cases every time; set another seed, or PROPTEST_CASES, to look further.
export PROPTEST_RNG_SEED="${PROPTEST_RNG_SEED:-1}"
if cargo nextest --version >/dev/null 2>&1; then
  cargo test --workspace --doc
  cargo nextest run --workspace
else
  cargo test --workspace
fi
