#!/usr/bin/env bash
# check-static.sh PROGRAM: whether a program needs nothing of the machine, and does what libraries of the machine usually do:
# names of hosts, certificates of authorities, time zones.
set -euo pipefail
program=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
check() {
    local sentence=$1
    shift
    if "$@" > "$work/out" 2>&1; then echo "well    $sentence"; else
        echo "FAILED  $sentence"
        sed 's/^/        | /' "$work/out"
        failed=1
    fi
}
# doctor HOST SETTINGS...: what it says of the drop server.
doctor() {
    local host=$1
    shift
    printf 'language = "en"\n[spar.server]\ntransport = "ftps"\nhost = "%s"\nport = 9\nuser = "nobody"\npassword_file = "p"\nretries = 0\n' \
        "$host" > "$work/world/server.toml"
    chmod 0600 "$work/world/server.toml"
    "$program" --config "$work/world/server.toml" doctor "$@" || true
}
has() { grep -Eq -- "$1" "$work/said" || { cat "$work/said"; return 1; }; }

needs_no_library() { ! readelf -d "$program" | grep NEEDED && ! readelf -l "$program" | grep INTERP; }
check "no library is needed, no loader either" needs_no_library
check "ldd says so" sh -c 'ldd "$1" 2>&1 | grep -E "not a dynamic|statically linked"' sh "$program"
check "the demonstration" "$program" demo "$work/demo"
check "an installation" "$program" init "$work/world" --lang en
echo secret > "$work/world/p"
chmod 0600 "$work/world/p"
doctor localhost > "$work/said"
check "a name of /etc/hosts is found" has 'well +server +name'
doctor no-such-host.invalid > "$work/said"
check "a name that does not exist is told as such" has 'problem +server +name'
check "a night when the clock changes is known without the machine's time zones" \
    env TZDIR=/nowhere "$program" --config "$work/world/mantal.toml" schedule add update-search --at '2027-03-28 03:30'
if [ -e /etc/ssl/certs/ca-certificates.crt ] && getent hosts "${MANTAL_TRY_HOST:-deb.debian.org}" >/dev/null; then
    doctor "${MANTAL_TRY_HOST:-deb.debian.org}" > "$work/said"
    check "a name of DNS is found" has 'well +server +name'
else
    echo "skipped a name of DNS: the machine finds none itself"
fi
exit $failed
