#!/usr/bin/env bash
# Builds an archive with a program that needs no library of the machine, looks whether that is so, and prints its path.
# With glibc inside it is as fast as the dynamic one; with musl's allocator it is 1.3 to 2.3 times slower.
set -euo pipefail
cd "$(dirname "$0")/.."
target=$(rustc -vV | sed -n 's/^host: //p')
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
folder=${CARGO_TARGET_DIR:-target}

# With --target the flag is for the program only: procedural macros and build scripts can't be static.
RUSTFLAGS="-C target-feature=+crt-static" cargo build --release --locked --target "$target" >&2
program=$folder/$target/release/mantal
packaging/check-static.sh "$program" >&2

name=mantal-$version-${target%%-*}-static
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
mkdir "$stage/$name"
cp -R "$program" packaging/install.sh packaging/stage.sh packaging/mantal.toml packaging/systemd docs \
    crontab.example README.md CHANGELOG.md SECURITY.md LICENSE "$stage/$name/"
archive=$folder/$name.tar.gz
tar -C "$stage" --owner=0 --group=0 --sort=name --mtime="$(git log -1 --format=%aI)" -czf "$archive" "$name"
echo "$archive"
