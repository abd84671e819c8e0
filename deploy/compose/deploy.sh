#!/bin/sh
# `make deploy SERVICE=vendor`: build, migrate, and put the new containers in the place of the old ones while people are
# served. The new ones answer first; only then are the old ones told to end what they have begun. When a new one does
# not become healthy it goes away again, and the old image is the current one. A migration stays: it has to suit both.
set -eu
service=${1:?which service?}
patience=${DEPLOY_PATIENCE_SECONDS:-120}

say() { printf '%s\n' "$*"; }
containers() { docker compose ps --quiet "$1"; }
health() { docker inspect --format '{{if .State.Health}}{{.State.Health.Status}}{{else}}{{.State.Status}}{{end}}' "$1"; }

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

say "Building $image"
docker compose build --quiet "$service"
if docker compose config --services | grep -qx "$service-migrate"; then
    say "Migrating"
    docker compose run --rm --no-deps "$service-migrate"
fi

say "Starting $count new beside $count old"
docker compose up --detach --no-deps --no-recreate --scale "$service=$((count * 2))" "$service"
new=$(containers "$service" | grep -vxF "$old" || true)

back() {
    say "$1; the old ones stay" >&2
    for container in $new; do docker logs --tail 20 "$container" >&2 || true; done
    # shellcheck disable=SC2086 # a list of words
    docker rm --force --volumes $new >/dev/null
    docker tag "$before" "$image"
    exit 1
}

[ "$(printf '%s\n' "$new" | wc -w)" -eq "$count" ] || back "Not all new containers came up"
began=$(date +%s)
for container in $new; do
    until [ "$(health "$container")" = healthy ]; do
        [ "$(health "$container")" != unhealthy ] || back "A new container is unhealthy"
        [ $(($(date +%s) - began)) -lt "$patience" ] || back "A new container is not healthy after $patience s"
        sleep 1
    done
done
# nginx asks for names every second: by then it knows the new ones.
sleep 2

for container in $old; do
    say "Ending $container"
    docker stop --time 30 "$container" >/dev/null
    docker rm --volumes "$container" >/dev/null
done

worker=$service-worker
if docker compose config --services | grep -qx "$worker" && [ -n "$(containers "$worker")" ]; then
    say "Replacing its worker: what it had begun is begun again"
    docker compose up --detach --no-deps --scale "$worker=$(containers "$worker" | wc -l)" "$worker"
fi
say "$service is deployed"
