#!/bin/sh
# Puts a backup of backup.sh back: restore.sh <its folder>
#
#   PGHOST … PGDATABASE, or DATABASE_URL: as for backup.sh; a database in which roles.sql has been run, as a superuser
#                  or a role that may act as every role of the services
#   UPLOAD_FOLDER  where the uploaded files go: an empty folder; without it none are put back, and that is said
#   PG_BIN         where pg_restore and psql are, if not in PATH
#   REPLACE=yes    the services' tables in that database are dropped first; without it their presence is an error
#
# The platform must not run meanwhile. All of the database comes back in one transaction, or nothing does.
set -eu

source=${1:?usage: restore.sh <folder of a backup>}
bin=${PG_BIN:+$PG_BIN/}
schemas="auth, consumer, vendor, admin, agent"

ask() {
    "${bin}psql" --no-psqlrc --quiet --tuples-only --no-align -v ON_ERROR_STOP=1 \
        ${DATABASE_URL:+--dbname="$DATABASE_URL"} "$@"
}

(cd "$source" && sha256sum --quiet --check SHA256SUMS >&2)
tables=$(ask --command="SELECT count(*) FROM pg_tables WHERE schemaname = ANY (string_to_array('$schemas', ', '))")
if [ "$tables" != 0 ] && [ "${REPLACE:-}" != yes ]; then
    echo "The database has $tables tables of the platform. REPLACE=yes drops them first." >&2
    exit 1
fi
if [ -n "${UPLOAD_FOLDER:-}" ] && [ -n "$(ls -A "$UPLOAD_FOLDER" 2>/dev/null || true)" ]; then
    echo "$UPLOAD_FOLDER is not empty" >&2
    exit 1
fi

# Only a dump that was read to its end is committed; what the roles may do in the schemas comes with it.
{
    echo "BEGIN; SET client_min_messages = warning; DROP SCHEMA IF EXISTS $schemas CASCADE;"
    if "${bin}pg_restore" --file=- "$source/database.dump"; then
        echo "COMMIT;"
    else
        printf '%s\n' '\.' "DO \$\$ BEGIN RAISE 'the dump could not be read to its end'; END \$\$;"
    fi
} | ask --output=/dev/null

if [ -z "${UPLOAD_FOLDER:-}" ]; then
    echo "UPLOAD_FOLDER is not set: no uploaded files are put back" >&2
elif [ -e "$source/uploads.tar" ]; then
    mkdir -p "$UPLOAD_FOLDER"
    tar -C "$UPLOAD_FOLDER" -xf "$source/uploads.tar"
fi
