#!/usr/bin/env bash
# Makes data/wiod2013 again from a folder with one subfolder per year, each holding
# Z_i32, Y_i32, V_f64, VY_f64 and x_f64 as Parquet (see SOURCES.md for what they are).
#
#   data/build-wiod2013.sh FOLDER
set -euo pipefail
source=$(realpath "$1")
cd "$(dirname "$0")"
staging=$(mktemp -d)
store=$(mktemp -d)
trap 'rm -rf "$staging" "$store"' EXIT
cp wiod2013-labels/{world.toml,regions.csv,sectors.csv,final_demand.csv,primary_inputs.csv} "$staging"
for year in $(seq 1995 2011); do
  mkdir "$staging/$year"
  cp "$source/$year"/*.parquet "$staging/$year"
done
cp wiod2013-labels/primary_inputs_2011.csv "$staging/2011/primary_inputs.csv"
# Rounding leaves a handful of tiny sectors whose inputs exceed their output, that have inputs but no output at all,
# or whose falling stocks outweigh their sales.
cargo run --release --quiet -- data import plain "$staging" --name made --store "$store" \
  --repair output-from-uses --repair zero-inputs-without-output --repair keep-column-sums --repair keep-column-balance --repair keep-negative-output
python3 as-bundled.py "$store" made wiod2013 1
