#!/usr/bin/env bash
# Tries the package on a fresh Debian that boots in a container: install, the commands of docs/installation.md and
# docs/first-evening.md as they stand there, timers and cron, upgrade, an older program on a newer registry, remove,
# install again, purge. One line for each check; ends 1 if any failed.
#
#   sudo packaging/try-deb.sh NEW.deb [OLD.deb]
#
# Without OLD.deb the new one stands in under a lower number; one with an older registry shows the way up and back as well.
# MANTAL_TRY_STATIC=ARCHIVE tries the static binary's archive in the end. Needs root, debootstrap and systemd-container. The
# fresh system is fetched once and kept in MANTAL_TRY_CACHE (/var/cache/mantal-try); MANTAL_TRY_SUITE (bookworm) and
# MANTAL_TRY_MIRROR say which and from where.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
repository=$(dirname "$here")
[ $# -ge 1 ] || { sed -n '2,13s/^# \{0,1\}//p' "$0" >&2; exit 2; }
new=$(realpath "$1")
[ "$(id -u)" = 0 ] || { echo "root is needed" >&2; exit 1; }
for program in debootstrap systemd-nspawn nsenter dpkg-deb; do
    command -v "$program" >/dev/null || { echo "$program is needed (debootstrap, systemd-container)" >&2; exit 1; }
done
suite=${MANTAL_TRY_SUITE:-bookworm}
mirror=${MANTAL_TRY_MIRROR:-http://deb.debian.org/debian}
cache=${MANTAL_TRY_CACHE:-/var/cache/mantal-try}/$suite
packages=adduser,bash-completion,ca-certificates,cron,dbus,man-db,sudo,systemd,systemd-sysv

work=$(mktemp -d /tmp/mantal-try.XXXXXX)
root=$work/root
leader=
end() {
    if [ -n "$leader" ]; then
        kill -s RTMIN+4 "$leader" 2>/dev/null
        wait "$container" 2>/dev/null
    fi
    rm -rf "$work"
}
trap end EXIT

failed=0
checks=0
well() { checks=$((checks + 1)); printf 'well    %s\n' "$*"; }
wrong() { checks=$((checks + 1)); failed=$((failed + 1)); printf 'FAILED  %s\n' "$*"; }
# check SENTENCE COMMAND...: the command ends 0 on the fresh machine.
check() {
    local sentence=$1
    shift
    if inside "$@" > "$work/out" 2>&1; then well "$sentence"; else wrong "$sentence"; sed 's/^/        | /' "$work/out"; fi
}
# same SENTENCE ONE OTHER
same() { if [ "$2" = "$3" ]; then well "$1"; else wrong "$1: $2, not $3"; fi; }
# As root on the fresh machine; as its administrator, who has sudo and an ordinary home.
inside() { nsenter -t "$leader" -m -u -i -n -p -w --root="/proc/$leader/root" -- env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 TERM=dumb "$@"; }
admin() { inside runuser -u admin -- env HOME=/home/admin USER=admin sh -c 'cd && eval "$1"' sh "$1"; }
mantal() { inside runuser -u mantal -- env USER=mantal HOME=/var/lib/mantal mantal "$@"; }
people() { mantal person list --json; }
tree() { inside sh -c 'cd /var/lib/mantal && find . -type f ! -name "*-shm" ! -name "*-wal" -exec sha256sum {} + | sort'; }

# follow TEXT KIND [FROM [TO]]: every command of the blocks of this kind, from one heading to another, as the administrator types
# it; 3 is an exit of commands that look.
follow() {
    local text=$repository/docs/$1 kind=$2 from=${3:-} to=${4:-} line
    while IFS= read -r line; do
        admin "$line" > "$work/out" 2>&1 </dev/null
        local exit=$?
        if [ $exit = 0 ] || [ $exit = 3 ]; then
            well "$(basename "$text"): $line ($exit)"
        else
            wrong "$(basename "$text"): $line ($exit)"
            sed 's/^/        | /' "$work/out"
        fi
    done < <(awk -v kind="$kind" -v from="$from" -v to="$to" '
        BEGIN { on = from == "" }
        from != "" && index($0, "## " from) == 1 { on = 1 }
        to != "" && index($0, "## " to) == 1 { on = 0 }
        /^```/ { block = !block ? ($0 == "```" kind) : 0; open = !open; if (!open) block = 0; next }
        on && block && !/^#/ && NF { if (sub(/\\$/, "")) { held = held $0; next } print held $0; held = "" }' "$text")
}

[ -e "$cache/.whole" ] || {
    echo "fetching a fresh $suite"
    rm -rf "$cache"
    mkdir -p "$cache"
    debootstrap --variant=minbase --include="$packages" "$suite" "$cache" "$mirror" > "$work/debootstrap.log" 2>&1 ||
        { tail "$work/debootstrap.log" >&2; exit 1; }
    touch "$cache/.whole"
}
cp -a --reflink=auto "$cache" "$root"
echo fresh > "$root/etc/hostname"
printf '127.0.0.1 localhost fresh\n' > "$root/etc/hosts"

# The package before this one.
old=$work/old.deb
if [ $# -ge 2 ]; then
    cp "$2" "$old"
else
    dpkg-deb -R "$new" "$work/old"
    sed -i 's/^Version: .*/Version: 0.0.1-1/' "$work/old/DEBIAN/control"
    dpkg-deb --root-owner-group -b "$work/old" "$old" >/dev/null
    rm -rf "$work/old"
fi

systemd-nspawn -q --register=no --keep-unit -D "$root" --boot > "$work/boot.log" 2>&1 &
container=$!
for _ in $(seq 100); do
    leader=$(pgrep -P "$container" | head -n 1)
    [ -n "$leader" ] && inside systemctl is-system-running 2>/dev/null | grep -q 'running\|degraded' && break
    sleep 0.3
done
[ -n "$leader" ] || { cat "$work/boot.log" >&2; exit 1; }
inside sh -c 'echo "APT::Get::Assume-Yes true;" > /etc/apt/apt.conf.d/yes'
inside useradd --create-home --shell /bin/bash admin
inside sh -c 'echo "admin ALL=(ALL) NOPASSWD: ALL" > /etc/sudoers.d/admin; chmod 0440 /etc/sudoers.d/admin'
put() { cp "$1" "$root/home/admin/$2"; inside chown admin: "/home/admin/$2"; }
installed() { inside dpkg-query -W -f '${db:Status-Abbrev} ${Version}' mantal; }

echo "== install"
version=$(dpkg-deb -f "$new" Version)
put "$new" "$(basename "$new")"
SECONDS=0
follow installation.md sh "The Debian package" "A static binary"
follow installation.md sh "Users, folders and rights" "Taking it away"
check "the user mantal is the system's and can't log in" \
    sh -c 'getent passwd mantal | awk -F: "{ exit !(\$3 < 1000 && \$7 ~ /nologin/ && \$6 == \"/var/lib/mantal\") }"'
check "/var/lib/mantal is mantal's alone" sh -c '[ "$(stat -c "%a %U %G" /var/lib/mantal)" = "700 mantal mantal" ]'
check "the configuration is root's, and mantal may read it" \
    sh -c '[ "$(stat -c "%a %U %G" /etc/mantal/mantal.toml /etc/mantal/credentials | tr "\n" " ")" = "640 root mantal 750 root mantal " ]'
check "nobody else gets at either" \
    sh -c '! runuser -u admin -- cat /etc/mantal/mantal.toml && ! runuser -u admin -- ls /var/lib/mantal'
check "every command has a manual page" sh -c '
    mkdir /tmp/man && mantal man --to /tmp/man && for page in /tmp/man/*.1; do man -w "$(basename "$page" .1)"; done'
check "bash completes commands" bash -c '
    . /usr/share/bash-completion/bash_completion; _completion_loader mantal; complete -p mantal
    COMP_WORDS=(mantal spar-); COMP_CWORD=1; COMP_LINE="mantal spar-"; COMP_POINT=12; _mantal mantal spar- mantal
    [ "${COMPREPLY[*]}" = "spar-export spar-import" ]'
check "zsh and fish find their completions" \
    test -s /usr/share/zsh/vendor-completions/_mantal -a -s /usr/share/fish/vendor_completions.d/mantal.fish
check "the units are ones that systemd takes" sh -c '
    cd /usr/lib/systemd/system && systemd-analyze verify mantal-*.timer mantal@spar-import.service mantal@doctor.service \
        mantal-failed@backup.service 2>&1 | grep mantal && exit 1; exit 0'
check "no timer runs before somebody enables it" sh -c '! systemctl list-timers --all | grep mantal'

echo "== first evening"
follow first-evening.md sh
echo "        from the package to the end of the first evening: $SECONDS s of the machine's time"
check "doctor has nothing to say" runuser -u mantal -- mantal doctor -q
check "people are there" sh -c '[ "$(runuser -u mantal -- mantal person list --json | wc -l)" -ge 900 ]'
check "a list went" sh -c 'ls /var/lib/mantal/drop/in | grep spar'

echo "== nights"
inside sh -c 'crontab -u mantal -l | sed "\$a * * * * * mantal schedule list --json > /var/lib/mantal/by-cron" | crontab -u mantal -'
check "cron has every line of the example" \
    sh -c '[ "$(crontab -u mantal -l | grep -v by-cron | grep -c "^[0-9*].*mantal ")" = "$(grep -c "^[0-9*].*mantal " /usr/share/doc/mantal/crontab.example)" ]'
check "systemd starts a job, and its end counts" \
    sh -c 'systemctl start mantal@backup.service && ls /var/lib/mantal/backups/ | grep "mantal-.*\.db"'
check "a job with nothing to do ends well" systemctl start mantal@spar-export.service
check "doctor runs as a service" systemctl start mantal@doctor.service
follow first-evening.md text "Minute 8" "Minute 10"
check "a job that fails is told of" sh -c '
    echo "MANTAL_FLAGS=/no/such/file" > /etc/mantal/spar-import.env
    systemctl start mantal@spar-import.service && exit 1
    rm /etc/mantal/spar-import.env
    for _ in $(seq 50); do
        journalctl -q --no-pager -u "mantal-failed@*" | grep "mantal-failed@spar-import.service" && exit 0
        sleep 0.2
    done
    exit 1'
check "cron itself starts a line" \
    sh -c 'for _ in $(seq 70); do [ -e /var/lib/mantal/by-cron ] && exit 0; sleep 1; done; exit 1'

echo "== upgrade"
put "$old" old.deb
check "the older package takes its place" apt-get install -y --allow-downgrades /home/admin/old.deb
follow first-evening.md text "Minute 10"
inside install -m 0600 -o mantal -g mantal /home/admin/mantal-demo/people.csv /var/lib/mantal/people.csv
check "it takes people in" runuser -u mantal -- mantal person import /var/lib/mantal/people.csv
inside sed -i 's/^language = .*/language = "en"/' /etc/mantal/mantal.toml
everybody=$(people | sha256sum)
own=$(inside sha256sum /etc/mantal/mantal.toml /var/lib/mantal/registry.key)
inside install -d -m 0700 -o mantal -g mantal /media/safe
# Without a question, and in the order of the text.
follow upgrading.md text "" "What happens"
same "it is $version" "$(installed)" "ii  $version"
same "everybody is as before" "$(people | sha256sum)" "$everybody"
same "configuration and key are as before" "$(inside sha256sum /etc/mantal/mantal.toml /var/lib/mantal/registry.key)" "$own"
check "timers and crontab are as before" \
    sh -c 'systemctl is-enabled mantal-backup.timer && crontab -u mantal -l | grep "mantal backup"'
copy=$(inside sh -c 'ls /var/lib/mantal/registry.db.before-v* 2>/dev/null' | head -n 1)
if [ -n "$copy" ]; then
    check "the registry was upgraded, after a copy: $copy" test -s "$copy"
    check "the older program goes back in" apt-get install -y --allow-downgrades /home/admin/old.deb
    mantal findings > "$root/home/admin/said" 2>&1
    same "it refuses the registry" $? 1
    check "it says which copy to go back to" grep -F "mantal restore $copy" /home/admin/said
    check "what it says works" runuser -u mantal -- mantal restore "$copy"
    same "everybody is as before" "$(people | sha256sum)" "$everybody"
    check "and up again" apt-get install -y "/home/admin/$(basename "$new")"
    check "the first run afterwards ends well" runuser -u mantal -- mantal backup
fi

echo "== remove, install again, purge"
before=$(tree)
check "remove" apt-get remove -y mantal
check "the program is gone" sh -c '! command -v mantal'
same "not a byte of the data has changed" "$(tree)" "$before"
check "the configuration is there" test -s /etc/mantal/mantal.toml
check "install again" apt-get install -y "/home/admin/$(basename "$new")"
check "doctor has nothing to say" runuser -u mantal -- mantal doctor -q
inside sh -c 'cp -r /etc/mantal /media/safe/mantal/* /home/admin; cp "$(ls /var/lib/mantal/backups/*.db | tail -n 1)" /home/admin/mantal-20261122T083625Z.db'
follow installation.md text "Taking it away"
check "the data are gone" sh -c '[ ! -e /var/lib/mantal ] && [ ! -e /etc/mantal ]'
check "nothing of it is left but the user" sh -c '
    find / -xdev \( -path /home -o -path /proc -o -path /tmp -o -path /media -o -path /var/cache -o -path /var/log \) -prune -o \
        -name "*mantal*" -print | grep . && exit 1; getent passwd mantal'

echo "== another machine"
check "install" apt-get install -y "/home/admin/$(basename "$new")"
inside sh -c 'install -m 0640 -o root -g mantal /home/admin/mantal/mantal.toml /etc/mantal/mantal.toml
    install -d -m 0700 -o mantal -g mantal /var/lib/mantal/drop /var/lib/mantal/drop/in /var/lib/mantal/drop/out'
follow upgrading.md text "Another machine"
same "everybody is as before" "$(people | sha256sum)" "$everybody"
check "doctor has nothing to say" runuser -u mantal -- mantal doctor -q
inside apt-get purge -y mantal > /dev/null

if [ -n "${MANTAL_TRY_STATIC:-}" ]; then
    echo "== static binary"
    inside rm -rf /home/admin/mantal-demo
    put "$(realpath "$MANTAL_TRY_STATIC")" "$(basename "$MANTAL_TRY_STATIC")"
    # The commands of a block go on in the folder that one of them enters.
    check "the archive installs itself" sh -c 'cd /home/admin && tar xzf mantal-*-static.tar.gz && cd mantal-*-static && ./install.sh'
    check "no library is needed" sh -c 'ldd /usr/local/bin/mantal 2>&1 | grep -E "not a dynamic|statically linked"'
    check "the demonstration" runuser -u admin -- mantal demo /home/admin/mantal-demo
    check "every command has a manual page" sh -c 'for page in /tmp/man/*.1; do man -w "$(basename "$page" .1)" || exit 1; done'
    inside ln -s /usr/local/share/doc/mantal /usr/share/doc/mantal
    follow first-evening.md sh
    check "systemd starts a job" systemctl start mantal@backup.service
    inside sh -c 'apt-get update -qq; apt-get install -y -qq --no-install-recommends libnss-myhostname' > /dev/null 2>&1
    inside sh -c 'runuser -u mantal -- mantal init /var/lib/mantal/other --lang en
        printf "spar.server = { transport = \"ftp\", host = \"any.localhost\", port = 9, user = \"u\", password_file = \"p\" }\n" \
            >> /var/lib/mantal/other/mantal.toml; install -m 0600 -o mantal /etc/hostname /var/lib/mantal/other/p'
    check "a name that only a library of the machine knows is found" sh -c '
        cat /etc/nsswitch.conf; getent ahosts any.localhost
        runuser -u mantal -- mantal doctor --config /var/lib/mantal/other/mantal.toml | grep -E "^well +server +name"'
    before=$(tree)
    check "installed again, as an upgrade does it" sh -c 'cd /home/admin/mantal-*-static && ./install.sh'
    same "not a byte of the data has changed" "$(tree)" "$before"
fi

echo "== $checks checks, $failed failed"
[ "$failed" = 0 ]
