#!/usr/bin/env bash
# Builds the Debian package and prints its path. Everything but the program is made here or by the program itself: manual
# pages, completions, commented settings.
#
#   packaging/build-deb.sh                    the package of this version
#   packaging/build-deb.sh --debug            of an unoptimised program, for trying the package itself
#   packaging/build-deb.sh --version 0.0.9-1    the same program under another number, for trying an upgrade
#
# Needs cargo-deb (cargo install cargo-deb --locked). lintian looks at the package where it is installed.
set -euo pipefail
cd "$(dirname "$0")/.."

profile=release
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)-1
while (($#)); do
    case $1 in
        --debug) profile=dev; shift ;;
        --version) version=$2; shift 2 ;;
        *) sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
    esac
done
command -v cargo-deb >/dev/null || { echo "cargo-deb is needed: cargo install cargo-deb --locked" >&2; exit 1; }

cargo build --locked --profile "$profile" >&2
folder=$profile
[ "$profile" = dev ] && folder=debug
program=${CARGO_TARGET_DIR:-target}/$folder/mantal

# What Cargo.toml lists besides the program and files of the repository.
packaging/stage.sh "$program" target/package
{
    printf 'mantal (%s) unstable; urgency=medium\n\n' "$version"
    printf '  * What is new in this version: /usr/share/doc/mantal/CHANGELOG.md\n\n'
    printf ' -- %s  %s\n' "$(sed -n 's/^maintainer = "\(.*\)"/\1/p' Cargo.toml)" "$(git log -1 --format=%aD)"
} > target/package/changelog

deb=target/debian/mantal_${version}_$(dpkg --print-architecture).deb
cargo deb --quiet --locked --no-build --no-dbgsym --profile "$profile" --deb-version "$version" --output "$deb" >&2
if command -v lintian >/dev/null; then
    lintian --fail-on error,warning "$deb" >&2
fi
echo "$deb"
