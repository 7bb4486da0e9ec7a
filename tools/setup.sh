# SPDX-License-Identifier: Apache-2.0
# Sourced by ./demo, ./test and the scripts beside them: installs Debian packages that are missing, and builds.
# A script that sources this stands in the checkout's root.

build_packages=(g++ cmake ninja-build pkg-config libboost-dev libeigen3-dev libsqlite3-dev libpq-dev libssl-dev nlohmann-json3-dev libpugixml-dev libre2-dev librdkafka-dev libcli11-dev libspdlog-dev)
test_packages=(libgtest-dev libsimdjson-dev postgresql python3)
fuzz_packages=(clang-19 libclang-rt-19-dev)

say() { printf '%s\n' "$*" >&2; }

is_installed() { dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null | grep -q '^installed$'; }

# need_packages WHY PACKAGE...: installs those that are missing; asks first on a terminal.
need_packages() {
  local why=$1 missing=() package answer
  shift
  for package in "$@"; do is_installed "$package" || missing+=("$package"); done
  [ ${#missing[@]} -eq 0 ] && return 0
  say "$why needs these Debian packages, which are missing: ${missing[*]}"
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { say "Install them as root, then run this again."; return 1; }
    as_root=(sudo)
  fi
  if [ -t 0 ] && [ -t 2 ]; then
    read -r -p "Install them now with apt-get? [Y/n] " answer
    case $answer in [nN]*) say "Then install them yourself and run this again."; return 1 ;; esac
  fi
  say "Installing them with apt-get (a few minutes on a bare system)…"
  local log
  log=$(mktemp)
  if ! { "${as_root[@]}" apt-get update -q && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -q --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
    tail -20 "$log" >&2
    say "apt-get failed; the whole log is $log"
    return 1
  fi
  rm -f "$log"
}

# unless_command COMMAND PACKAGE: prints PACKAGE unless the command is there already (installed by other means than apt).
unless_command() { command -v "$1" >/dev/null || printf '%s\n' "$2"; }

# Ninja's "[12/340] …" on one line of a terminal; elsewhere nothing.
show_counter() {
  local line
  while IFS= read -r line; do
    [ -t 2 ] && case $line in \[*\]*) printf '\r\033[K%.100s' "$line" >&2 ;; esac
  done
  [ -t 2 ] && printf '\r\033[K' >&2
  return 0
}

# build FOLDER CMAKE_OPTION... -- TARGET...: configures once, builds what changed; the compiler's words go to a log.
build() {
  local folder=$1 options=() started=$SECONDS log
  shift
  while [ $# -gt 0 ] && [ "$1" != -- ]; do options+=("$1"); shift; done
  [ $# -gt 0 ] && shift
  mkdir -p "$folder"
  log=$folder/build.log
  [ -e "$folder/provecho" ] || say "Building (a few minutes on two cores the first time; $log has the details)…"
  if ! cmake --preset release -B "$folder" "${options[@]}" >"$log" 2>&1; then
    tail -30 "$log" >&2
    return 1
  fi
  # The scripts run under pipefail, so a failed build is seen through the counter behind it.
  if ! cmake --build "$folder" --target "$@" 2>&1 | tee -a "$log" | show_counter; then
    grep -A20 -m1 'FAILED' "$log" >&2 || tail -30 "$log" >&2
    return 1
  fi
  [ $((SECONDS - started)) -lt 20 ] || say "Built in $((SECONDS - started)) s."
}
