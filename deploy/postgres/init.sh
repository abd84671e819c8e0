#!/bin/sh
# For /docker-entrypoint-initdb.d of a PostgreSQL image, with roles.sql beside it as /habrio/roles.sql.
# Passwords: AUTH_DB_PASSWORD, CONSUMER_DB_PASSWORD, … GATEWAY_DB_PASSWORD, or the files that …_FILE name.
set -eu

password() {
    file=$(printenv "${1}_FILE" || true)
    if [ -n "$file" ]; then cat "$file"; else printenv "$1" || { echo "$1 is not set" >&2; exit 1; }; fi
}

statements=$(
    for service in auth consumer vendor admin agent gateway; do
        value=$(password "$(printf '%s' "$service" | tr '[:lower:]' '[:upper:]')_DB_PASSWORD")
        printf "SELECT set_config('habrio.password_%s', '%s', false) \\\\g /dev/null\n" "$service" \
            "$(printf '%s' "$value" | sed "s/'/''/g")"
    done
    printf "SELECT set_config('habrio.exclusive', 'on', false) \\\\g /dev/null\n"
    cat "${ROLES_SQL:-/habrio/roles.sql}"
)
printf '%s\n' "$statements" |
    psql --no-psqlrc --quiet -v ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname "${POSTGRES_DB:-habrio}"
