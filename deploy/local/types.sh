#!/bin/sh
# mypy --strict over all packages and tests: types.sh <python>. Each celery_app.py is checked by itself: they share a name.
set -eu
python=$1
path=shared:gateway:deploy/local
packages="-p habrio_shared -p habrio_gateway -p habrio_local"
for service in services/*/habrio_*; do
    [ -f "$service/__init__.py" ] || continue
    path="$path:${service%/*}"
    packages="$packages -p ${service##*/}"
done
export MYPYPATH="$path"
# shellcheck disable=SC2086 # a list of words
"$python" -m mypy $packages
"$python" -m mypy postman tests deploy/local/bootstrap.py deploy/docker/*.py deploy/compose/*.py
for entry in services/*/celery_app.py; do
    [ -f "$entry" ] || continue
    "$python" -m mypy --no-error-summary "$entry"
done
