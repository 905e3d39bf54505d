# shellcheck shell=bash
# What the scripts beside this one share: each starts a real server on loopback and holds the contract against it.

# Ends here, loudly, if this can't be done; in CI that is a failure.
skip() {
    printf '\n!! %s: SKIPPED: %s\n\n' "$0" "$*" >&2
    [ "${CI:-}" = true ] && exit 1
    exit 0
}

# needs PROGRAM...: installs what is missing, where that can be.
needs() {
    [ "$(id -u)" = 0 ] || skip "only root can run this server and look into its folders"
    local program missing=()
    for program in "$@"; do command -v "$program" >/dev/null || missing+=("$program"); done
    if ((${#missing[@]})); then
        # A daemon that is installed must not start by itself.
        policy=/usr/sbin/policy-rc.d
        [ -e "$policy" ] || { printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy" && planted=$policy; }
        { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
            "${missing[@]}" >/dev/null; } || true
        [ -z "${planted:-}" ] || rm -f "$planted"
    fi
    for program in "$@"; do command -v "$program" >/dev/null || skip "$program can't be installed"; done
}

# A port that nobody listens on.
free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# wait_for_port PORT: until somebody listens there.
wait_for_port() {
    python3 - "$1" <<'PYTHON'
import socket, sys, time
until = time.monotonic() + 20
while time.monotonic() < until:
    try:
        socket.create_connection(("127.0.0.1", int(sys.argv[1])), 1).close()
        sys.exit(0)
    except OSError:
        time.sleep(0.05)
sys.exit("nobody listens on port " + sys.argv[1])
PYTHON
}

# stop PROCESS: ends a server that was started here.
stop() {
    [ -n "$1" ] || return 0
    kill "$1" 2>/dev/null || true
    wait "$1" 2>/dev/null || true
}

# certificates FOLDER: ca.pem, and leaf.pem with leaf.key for 127.0.0.1.
certificates() (
    cd "$1"
    openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 2 -subj "/CN=authority of a test" \
        -addext basicConstraints=critical,CA:TRUE 2>/dev/null
    openssl req -newkey rsa:2048 -nodes -keyout leaf.key -out leaf.csr -subj "/CN=127.0.0.1" 2>/dev/null
    printf 'subjectAltName=IP:127.0.0.1\nbasicConstraints=CA:FALSE\n' >leaf.ext
    openssl x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile leaf.ext \
        -out leaf.pem 2>/dev/null
    chmod 600 ./*.key
)

# contract NAME TRANSPORT PORT:ROOT [CA [NEWEST-TLS]]: every promise of the contract against a server that runs.
contract() {
    printf '\n-- %s over %s\n' "$1" "$2"
    # One test at a time: they share the server's folders, in which it must be able to replace what a test put there.
    (
        umask 000
        export MANTAL_TEST_TRANSPORT="$2" MANTAL_TEST_FTP="$3" MANTAL_TEST_CA="${4:-}" MANTAL_TEST_TLS_MAX="${5:-}"
        cargo test --locked --test transport -- --ignored --test-threads 1 contract::outside
    )
}
