#!/bin/sh
# stage.sh PROGRAM FOLDER: writes into the folder what every package has besides the program and files of the repository:
# manual pages, completions, and all settings commented in both languages. The program makes them, so they can't disagree.
set -eu
program=$(realpath "$1")
folder=$2

rm -rf "$folder"
mkdir -p "$folder/man1"
"$program" man --to "$folder/man1"
gzip -9n "$folder/man1"/*.1
for shell in bash zsh fish; do
    "$program" completions "$shell" > "$folder/completions.$shell"
done
for language in en sv; do
    "$program" init "$folder/init" --lang "$language"
    cp "$folder/init/mantal.toml" "$folder/settings.$language.toml"
    rm -rf "$folder/init"
done
chmod 0644 "$folder"/settings.*
