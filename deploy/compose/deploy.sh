#!/bin/sh
# `make deploy SERVICE=vendor`: build, migrate, and put the new containers in the place of the old ones while people are
# served. nginx is led to the old ones alone until the new ones are healthy, then to the new ones alone; only then are
# the old ones told to end what they have begun. When a new one does not become healthy it goes away again, and the old
# image is the current one. A migration stays: it has to suit both.
set -eu
service=${1:?which service?}
patience=${DEPLOY_PATIENCE_SECONDS:-120}

case "$service" in
gateway | auth | consumer | vendor | admin | agent) ;;
*) printf '%s\n' "gateway, auth, consumer, vendor, admin or agent" >&2 && exit 2 ;;
esac

say() { printf '%s\n' "$*"; }
containers() { docker compose ps --quiet "$1"; }
health() { docker inspect --format '{{if .State.Health}}{{.State.Health.Status}}{{else}}{{.State.Status}}{{end}}' "$1"; }

# The addresses of containers, with commas between.
addresses() {
    network=$(docker inspect --format '{{index .Config.Labels "com.docker.compose.project"}}' "$1")_internal
    docker inspect --format "{{(index .NetworkSettings.Networks \"$network\").IPAddress}}:8000" "$@" | paste -sd, -
}
# Leads nginx to these addresses without losing what is under way. By its name a service is whoever has just started or
# is about to end, and whenever that changes nginx gives up what it was about to try again.
lead() {
    docker compose exec -T -e "$(printf '%s' "$service" | tr '[:lower:]' '[:upper:]')_URL=http://$1" \
        nginx sh /app/deploy/docker/entrypoint.sh nginx-reload
}
# Back to the name: beside the addresses first, for until it has been asked for a name leads nowhere.
lead_by_name() {
    lead "$service:8000,$1" && sleep 2 && lead "$service:8000"
}

old=$(containers "$service")
if [ -z "$old" ]; then
    say "$service does not run here: make up" >&2
    exit 1
fi
one=${old%%
*}
image=$(docker inspect --format '{{.Config.Image}}' "$one")
before=$(docker inspect --format '{{.Image}}' "$one")
count=$(printf '%s\n' "$old" | wc -l)

# shellcheck disable=SC2086 # a list of words
old_addresses=$(addresses $old)
new=

back() {
    say "$1; the old ones stay" >&2
    for container in $new; do docker logs --tail 20 "$container" >&2 || true; done
    # shellcheck disable=SC2086 # a list of words
    [ -z "$new" ] || docker rm --force --volumes $new >/dev/null
    docker tag "$before" "$image"
    lead_by_name "$old_addresses"
    exit 1
}

is_service() { docker compose config --services | grep -qx "$1"; }

say "Building $image"
docker compose build --quiet "$service"
if is_service "$service-migrate"; then
    say "Migrating"
    docker compose run --rm --no-deps "$service-migrate" || back "The migration failed"
fi

say "Starting $count new beside $count old"
lead "$old_addresses" || back "nginx could not be led to the old ones"
docker compose up --detach --no-deps --no-recreate --scale "$service=$((count * 2))" "$service" || true
new=$(containers "$service" | grep -vxF "$old" || true)

[ "$(printf '%s\n' "$new" | wc -w)" -eq "$count" ] || back "Not all new containers came up"
began=$(date +%s)
for container in $new; do
    until [ "$(health "$container")" = healthy ]; do
        [ "$(health "$container")" != unhealthy ] || back "A new container is unhealthy"
        [ $(($(date +%s) - began)) -lt "$patience" ] || back "A new container is not healthy after $patience s"
        sleep 1
    done
done

# shellcheck disable=SC2086 # a list of words
new_addresses=$(addresses $new)
lead "$new_addresses" || back "nginx could not be led to the new ones"
sleep 2
for container in $old; do
    say "Ending $container"
    docker stop --time 30 "$container" >/dev/null
    docker rm --volumes "$container" >/dev/null
done
lead_by_name "$new_addresses"

others=$service-worker
[ "$service" != consumer ] || others="$others beat" # the platform's clock is of the consumer's image
for other in $others; do
    is_service "$other" && [ -n "$(containers "$other")" ] || continue
    say "Replacing $other: what it had begun is begun again"
    replace() { docker compose up --detach --no-deps --wait --wait-timeout "$patience" --scale "$other=$1" "$other"; }
    count=$(containers "$other" | wc -l)
    if ! replace "$count"; then
        docker compose logs --tail 20 "$other" >&2 || true
        docker tag "$before" "$image"
        replace "$count" || true
        say "$other did not become healthy: it is the one of before, beside the new $service" >&2
        exit 1
    fi
done
say "$service is deployed"
