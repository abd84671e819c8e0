#!/bin/sh
# Writes requirements.txt and requirements-dev.txt anew, with hashes: requirements.sh [--upgrade | -P <package>].
# They hold what the packages' pyproject.toml files and the groups of the one at the top ask for; what nothing asks to
# change stays as it is. Needs no installation of them: they may be what keeps one from being made.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
uv=.venv/bin/uv
if ! [ -x "$uv" ]; then
    "$(sh deploy/local/find-python.sh)" -m venv "$work/venv"
    "$work/venv/bin/pip" install --quiet --disable-pip-version-check \
        "$(sed -n 's/^ *"\(uv==[0-9.]*\)",$/\1/p' pyproject.toml)"
    uv=$work/venv/bin/uv
fi

pins() { sed -n 's/^\([A-Za-z0-9._-]*==[^ ;]*\).*/\1/p' requirements.txt requirements-dev.txt | sort -u; }

compile() {
    out=$1
    shift
    # shellcheck disable=SC2086 # a list of words
    "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
        --custom-compile-command "make requirements" --output-file "$out" $ours "$@"
}

ours=
packages=
for project in shared gateway deploy/local services/*; do
    [ -f "$project/pyproject.toml" ] || continue
    ours="$ours --no-emit-package $(sed -n 's/^name = "\(.*\)"$/\1/p' "$project/pyproject.toml")"
    packages="$packages-e ./$project
"
done

pins >"$work/before"
printf '%s' "$packages" | compile requirements.txt --group build "$@" -
compile requirements-dev.txt --group dev --constraint requirements.txt "$@"
pins | diff "$work/before" - | sed -n 's/^< /- /p; s/^> /+ /p' | sort -k 2
