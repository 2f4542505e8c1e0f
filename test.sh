#!/usr/bin/env bash
# Runs every test: with cargo-nextest where it is installed, else with cargo alone.
set -euo pipefail
cd "$(dirname "$0")"
if cargo nextest --version >/dev/null 2>&1; then
  cargo test --workspace --doc --quiet
  cargo nextest run --workspace
else
  cargo test --workspace
fi
