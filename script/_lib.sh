# Shared by the shell scripts in this folder. To be sourced, not run:
#   source "$(dirname "${BASH_SOURCE[0]}")/_lib.sh"
# It moves to the root of the repository, so that every script can be called
# from anywhere, and offers a few words that all of them use.
# shellcheck shell=bash

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "${ROOT}"

# Everything the scripts download or build, apart from the environments.
CACHE="${ROOT}/.cache"

say() { printf '%s\n' "$*" >&2; }

fail() {
  printf 'Error: %s\n' "$*" >&2
  exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

is_debian() {
  [[ -r /etc/os-release ]] && have apt-get && have dpkg || return 1
  # shellcheck source=/dev/null
  [[ "$(. /etc/os-release && echo "${ID:-}")" == debian ]]
}

# Install Debian packages. Only for root on Debian; false for everybody else.
# No service is started: Debian's policy hook answers "not allowed" meanwhile.
install_debian_packages() {
  is_debian && [[ "$(id -u)" == 0 ]] || return 1
  local hook=/usr/sbin/policy-rc.d made_hook=no status=0
  say "Installing $* with apt-get."
  if [[ ! -e "${hook}" ]]; then
    printf '#!/bin/sh\nexit 101\n' >"${hook}" && chmod +x "${hook}" && made_hook=yes
  fi
  apt-get -qq update >/dev/null &&
    DEBIAN_FRONTEND=noninteractive apt-get -qq -y install \
      --no-install-recommends "$@" >/dev/null || status=1
  [[ "${made_hook}" == no ]] || rm -f "${hook}"
  return "${status}"
}
