#!/usr/bin/env bash
# Installs what building needs beside Rust, where it is missing: a C and C++ compiler, cmake and libclang, for the solver HiGHS.
set -euo pipefail

libclang() {
  [ -n "${LIBCLANG_PATH:-}" ] && return 0
  compgen -G '/usr/lib/llvm-*/lib/libclang[-.][0-9s]*so*' >/dev/null || compgen -G '/usr/lib/*/libclang[-.][0-9s]*so*' >/dev/null \
    || ldconfig -p 2>/dev/null | grep -q 'libclang[-.][0-9s].*so'
}

missing=()
command -v cc >/dev/null && command -v c++ >/dev/null || missing+=(build-essential)
command -v cmake >/dev/null || missing+=(cmake)
libclang || missing+=(libclang-dev)
[ ${#missing[@]} -eq 0 ] && exit 0

if ! command -v apt-get >/dev/null; then
  echo "Install these, under the names your system has for them: ${missing[*]}" >&2
  exit 1
fi
as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi; }
echo "Installing ${missing[*]}" >&2
as_root apt-get update -qq
as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
