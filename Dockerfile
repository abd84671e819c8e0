# Every image of the platform: `docker build -t habrio .` is the whole of it in one container,
# `docker build --build-arg SERVICE=vendor -t habrio/vendor .` one service (or the gateway, with its nginx).
ARG SERVICE=all-in-one

FROM python:3.12-slim AS python
ENV PIP_DISABLE_PIP_VERSION_CHECK=1

# Python and Debian without what nobody needs who only runs programs. Taken out in a layer above it would still be there.
FROM python AS lean
RUN --mount=type=bind,source=deploy/docker/parts.py,target=/parts.py \
    python -B /parts.py lean /usr/local

FROM scratch AS base
# hadolint ignore=DL3067
COPY --from=lean / /
ENV PATH=/opt/venv/bin:/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin \
    LANG=C.UTF-8 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1

# What others have written. Only the files that name the packages are here, so a change of code leaves it as it is.
FROM python AS packages
# hadolint ignore=DL3008
RUN apt-get update && apt-get install --yes --no-install-recommends binutils && rm -rf /var/lib/apt/lists/*
ARG SERVICE
WORKDIR /src
COPY requirements.txt ./
COPY shared/pyproject.toml shared/
COPY gateway/pyproject.toml gateway/
COPY deploy/local/pyproject.toml deploy/local/
COPY services/auth/pyproject.toml services/auth/
COPY services/consumer/pyproject.toml services/consumer/
COPY services/vendor/pyproject.toml services/vendor/
COPY services/admin/pyproject.toml services/admin/
COPY services/agent/pyproject.toml services/agent/
COPY deploy/docker/parts.py deploy/docker/
RUN --mount=type=cache,target=/root/.cache/pip \
    python deploy/docker/parts.py packages "$SERVICE" > /packages.txt \
    && sed '/--hash=/d; s/ \\$//' requirements.txt > /pins.txt \
    && pip wheel --wheel-dir /wheels --constraint /pins.txt --requirement /packages.txt
RUN python -m venv --without-pip /opt/venv \
    && pip --python /opt/venv/bin/python install --no-cache-dir --no-compile --no-index --no-deps /wheels/*.whl \
    && python deploy/docker/parts.py trim /opt/venv \
    && find /opt/venv -type f -name '*.so' -not -path '*.libs/*' -exec strip --strip-unneeded {} +

# What we have written, with its bytecode: nothing can be written beside it later.
FROM base AS code
ARG SERVICE
RUN --mount=type=bind,target=/src \
    python /src/deploy/docker/parts.py code "$SERVICE" /src /app \
    && python -m compileall -q --invalidation-mode unchecked-hash /app

FROM base AS image
ARG SERVICE
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid appuser --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin appuser \
    && install --directory --owner=appuser --group=appuser /data
COPY --from=packages /opt/venv /opt/venv
COPY --from=code /app /app
ENV APP_ENV=production \
    SERVICE=$SERVICE \
    PYTHONPATH=/app/shared:/app/gateway:/app/deploy/local:/app/services/auth:/app/services/consumer:/app/services/vendor:/app/services/admin:/app/services/agent
LABEL org.opencontainers.image.title="habrio-$SERVICE" \
      org.opencontainers.image.description="Habrio, an open backend for neighbourhood commerce: $SERVICE"
# appuser, as a number: Kubernetes wants to see that it is not root.
USER 10001:10001
# The first process of each of these ends orderly on SIGTERM and reaps what it is left with.
ENTRYPOINT ["sh", "/app/deploy/docker/entrypoint.sh"]
CMD ["serve"]
HEALTHCHECK --interval=15s --timeout=5s --start-period=120s --start-interval=2s --retries=3 CMD ["python", "/app/deploy/docker/health.py"]

FROM image AS part
ENV BIND_ADDRESS=0.0.0.0:8000
EXPOSE 8000

FROM image AS all-in-one
ENV BIND=0.0.0.0 \
    PORT=80 \
    HABRIO_HOME=/data \
    DATABASE_URL=sqlite:///data.db
WORKDIR /data
VOLUME /data
EXPOSE 80

FROM part AS gateway
FROM part AS auth
FROM part AS consumer
FROM part AS vendor
FROM part AS admin
FROM part AS agent

# hadolint ignore=DL3006
FROM ${SERVICE}
ARG VERSION=unreleased
LABEL org.opencontainers.image.version="$VERSION"
