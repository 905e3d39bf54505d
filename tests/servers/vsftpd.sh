#!/usr/bin/env bash
# Holds the contract of the transports against vsftpd: clear text, AUTH TLS and TLS from the start, with the session reuse
# that it demands by default, TLS 1.2 and 1.3. Starts it on loopback with certificates of its own, and ends it.
#
# Needs root (vsftpd changes its user; the tests write into its folders), vsftpd and openssl.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/servers/common.sh

needs vsftpd openssl
work=$(mktemp -d)
server=
trap 'stop "$server"; rm -rf "$work"' EXIT
chmod 755 "$work"
certificates "$work"
mkdir -p "$work/root/in" "$work/root/out" "$work/empty"

# run NAME TRANSPORT EXTRA-CONFIGURATION...
start_vsftpd() {
    port=$(free_port)
    cat >"$work/vsftpd.conf" <<CONF
listen=YES
listen_address=127.0.0.1
listen_port=$port
background=NO
seccomp_sandbox=NO
secure_chroot_dir=$work/empty
local_enable=NO
anonymous_enable=YES
no_anon_password=NO
anon_root=$work/root
anon_upload_enable=YES
anon_mkdir_write_enable=YES
anon_other_write_enable=YES
anon_umask=022
write_enable=YES
xferlog_enable=NO
$(printf '%s\n' "$@")
CONF
    chmod 600 "$work/vsftpd.conf"
    vsftpd "$work/vsftpd.conf" &
    server=$!
    wait_for_port "$port"
}

tls=(ssl_enable=YES allow_anon_ssl=YES force_anon_data_ssl=YES force_anon_logins_ssl=YES
    "rsa_cert_file=$work/leaf.pem" "rsa_private_key_file=$work/leaf.key" require_ssl_reuse=YES)

start_vsftpd
contract vsftpd ftp "$port:$work/root"
stop "$server"

for newest in 1.2 1.3; do
    start_vsftpd "${tls[@]}"
    contract "vsftpd, TLS $newest" ftps "$port:$work/root" "$work/ca.pem" "$newest"
    stop "$server"
    start_vsftpd "${tls[@]}" implicit_ssl=YES
    contract "vsftpd, TLS $newest" ftps-implicit "$port:$work/root" "$work/ca.pem" "$newest"
    stop "$server"
done
