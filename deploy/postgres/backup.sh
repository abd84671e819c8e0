#!/bin/sh
# A backup of the platform, taken while it runs: backup.sh <folder that does not exist yet>
#
#   PGHOST, PGPORT, PGUSER, PGPASSWORD or PGPASSFILE, PGDATABASE: the database with the services' schemas, as a role
#                  that may read them all (its owner, a superuser); or all in DATABASE_URL, which `ps` then shows
#   UPLOAD_FOLDER  the vendor service's files; without it none are saved, and that is said
#   PG_BIN         where pg_dump is, if not in PATH; as new as the server or newer
#
# The folder then has database.dump (all schemas in one snapshot, so that the ledgers agree with each other),
# uploads.tar and SHA256SUMS. It has no secret of the platform: DATA_KEY, without which account numbers cannot be read
# again, is kept with the other secrets (deploy/OPERATIONS.md).
set -eu
umask 077

target=${1:?usage: backup.sh <new folder>}
pg_dump=${PG_BIN:+$PG_BIN/}pg_dump
draft=$target.partial

if [ -e "$target" ]; then
    echo "$target is there already" >&2
    exit 1
fi
rm -rf "$draft"
mkdir -p "$draft"

schemas=$(printf ' --schema=%s' auth consumer vendor admin agent)
# shellcheck disable=SC2086 # a list of options
"$pg_dump" --format=custom $schemas --file="$draft/database.dump" ${DATABASE_URL:+--dbname="$DATABASE_URL"}
# The files come second: what a row of the dump names is there by now.
if [ -n "${UPLOAD_FOLDER:-}" ]; then
    mkdir -p "$UPLOAD_FOLDER"
    # A file that is deleted meanwhile is no failure of the backup: tar says so with status 1.
    tar -C "$UPLOAD_FOLDER" -cf "$draft/uploads.tar" . || [ $? -eq 1 ]
else
    echo "UPLOAD_FOLDER is not set: no uploaded files are saved" >&2
fi
(cd "$draft" && sha256sum -- * > SHA256SUMS)
mv "$draft" "$target"
