#!/bin/sh
# Which images a push changes, as a JSON list: changed.sh <commit before> <commit>. All of them where that is not known.
set -eu
all="gateway auth consumer vendor admin agent"
known() { git cat-file -e "$1^{commit}" 2>/dev/null; }
changed() { ! git diff --quiet "$before" "$after" -- "$@"; }

before=$1
after=$2
if ! known "$before" || changed shared requirements.txt Dockerfile deploy/docker; then
    found=$all
else
    found=
    for name in $all; do
        case $name in
        gateway) set -- gateway services/*/openapi.json ;; # it shows the documents of services that it has not reached yet
        *) set -- "services/$name" ;;
        esac
        if changed "$@"; then found="$found $name"; fi
    done
fi
list=
for name in $found; do list="$list${list:+,}\"$name\""; done
echo "[$list]"
