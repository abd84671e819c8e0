#!/bin/sh
# Builds one image and pushes it: publish.sh <service> <registry/folder> <tag>. REGISTRY_USER and REGISTRY_PASSWORD log in.
set -eu
image="$2/$1:$3"
printf '%s' "$REGISTRY_PASSWORD" | docker login "${2%%/*}" --username "$REGISTRY_USER" --password-stdin
docker build --build-arg "SERVICE=$1" --build-arg "VERSION=$3" --tag "$image" .
docker push "$image"
