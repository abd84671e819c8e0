#!/bin/sh
# Prints the path of a Python that can run Habrio (3.11 or newer, with venv); says what to install when there is none.
# A name on the PATH is tried, not trusted: version managers leave names behind that run nothing.
set -u

works() { "$1" -c "$2" >/dev/null 2>&1; }

found=
for candidate in ${PYTHON:+"$PYTHON"} python3.13 python3.12 python3.11 python3.14 python3 python; do
    works "$candidate" 'import sys; sys.exit(sys.version_info < (3, 11))' || continue
    found=${found:-$candidate}
    if works "$candidate" 'import venv, ensurepip'; then
        exec "$candidate" -c 'import sys; print(sys.executable)'
    fi
done

if [ -n "$found" ]; then
    echo "$found has no venv module. Install it (Debian and Ubuntu: apt install python3-venv) and try again." >&2
elif works python3 'pass'; then
    echo "Habrio needs Python 3.11 or newer; this machine has $(python3 -V 2>&1). Install a newer one, or say PYTHON=/path/to/python make run." >&2
else
    echo "Habrio needs Python 3.11 or newer, and there is no python3 on the PATH. Install it, or say PYTHON=/path/to/python make run." >&2
fi
exit 1
