#!/usr/bin/env bash
# A restore drill: brings a copy of the registry back in a folder of its own, looks whether it is whole and what it says, and
# takes the folder away again. Nothing of the installation is touched; run it on another machine.
#
#   packaging/restore-drill.sh COPY SECRETS
#
# COPY is a file of `mantal backup`, SECRETS the folder of `mantal backup --secrets`. The folder lies under TMPDIR, which has
# to be on an encrypted disk with room for the registry twice. Ends with 0 if the copy would do.
set -euo pipefail
[ $# = 2 ] || { sed -n '5,8s/^# \{0,1\}//p' "$0" >&2; exit 2; }
copy=$(realpath "$1") secrets=$(realpath "$2")

umask 077
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"

mantal init registry >/dev/null
cd registry
# The new registry's own key and side file make way for those of the copy.
cp "$secrets/registry.key" "$secrets/registry.side" .
rm -f registry.db registry.db-wal registry.db-shm

worst=0
step() {
    local begin=$SECONDS code=0
    "$@" || code=$?
    printf '%-40s exit %d after %d s\n' "$*" "$code" "$((SECONDS - begin))"
    case $code in 0) ;; 3) [ "$worst" != 0 ] || worst=3 ;; *) worst=1 ;; esac
}
step mantal restore "$copy"
step mantal doctor -q --no-server --no-probe
step mantal purge verify
step mantal sweep -q --no-backups
step mantal runs
exit "$worst"
