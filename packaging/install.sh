#!/bin/sh
# install.sh [PROGRAM]: installs a static binary, or one built from source, with all that the Debian package brings: manual pages,
# completions, units, texts, user, folders, configuration. What is there of data and configuration stays as it is; nothing is
# started. Run again with a newer program it is the upgrade.
set -eu
here=$(dirname "$(realpath "$0")")
program=$(realpath "${1:-$here/mantal}")
[ "$(id -u)" = 0 ] || { echo "root is needed" >&2; exit 1; }
# Beside this in the archive, above it in the sources.
texts=$here
[ -e "$texts/crontab.example" ] || texts=$(dirname "$here")
share=/usr/local/share

made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
"$here/stage.sh" "$program" "$made/stage"

# A new file in the old one's place: a job at work goes on with the old one.
install -D -m 0755 "$program" /usr/local/bin/.mantal.new
mv /usr/local/bin/.mantal.new /usr/local/bin/mantal
install -d "$share/man/man1" "$share/doc/mantal/examples" /etc/mantal
install -m 0644 "$made"/stage/man1/*.gz "$share/man/man1/"
install -D -m 0644 "$made/stage/completions.bash" "$share/bash-completion/completions/mantal"
install -D -m 0644 "$made/stage/completions.zsh" "$share/zsh/site-functions/_mantal"
install -D -m 0644 "$made/stage/completions.fish" "$share/fish/vendor_completions.d/mantal.fish"
install -m 0644 "$made/stage/settings.en.toml" "$share/doc/mantal/examples/settings.toml"
install -m 0644 "$made/stage/settings.sv.toml" "$here/systemd/password.conf" "$share/doc/mantal/examples/"
install -m 0644 "$texts/crontab.example" "$texts/README.md" "$texts/CHANGELOG.md" "$texts/SECURITY.md" "$share/doc/mantal/"
cp -R "$texts/docs" "$share/doc/mantal/"
chmod -R u=rwX,go=rX "$share/doc/mantal"

if ! getent passwd mantal >/dev/null; then
    useradd --system --user-group --home-dir /var/lib/mantal --no-create-home --shell "$(command -v nologin || echo /bin/false)" mantal
fi
[ -e /var/lib/mantal ] || install -d -m 0700 -o mantal -g mantal /var/lib/mantal
[ -e /etc/mantal/credentials ] || install -d -m 0750 -o root -g mantal /etc/mantal/credentials
[ -e /etc/mantal/mantal.toml ] || install -m 0640 -o root -g mantal "$here/mantal.toml" /etc/mantal/mantal.toml

if [ -d /etc/systemd/system ]; then
    install -m 0644 "$here"/systemd/*.service "$here"/systemd/*.timer /etc/systemd/system/
    install -D -m 0644 "$here/systemd/mantal@doctor.service.d/override.conf" \
        /etc/systemd/system/mantal@doctor.service.d/override.conf
    [ ! -d /run/systemd/system ] || systemctl --system daemon-reload
fi
/usr/local/bin/mantal --version
