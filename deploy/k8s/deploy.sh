#!/bin/sh
# Deploys an overlay by kubectl alone: deploy.sh dev|production. First the migrations, to their end; then the pods.
# Argo CD and Helm do so by themselves (the Jobs carry their annotations).
set -eu
overlay=$(dirname "$0")/overlays/$1
namespace=$(sed -n 's/^namespace: //p' "$overlay/kustomization.yaml")
rendered=$(mktemp)
trap 'rm -f "$rendered"' EXIT
kubectl kustomize "$overlay" >"$rendered"

migrations=app.kubernetes.io/component=migration
kubectl --namespace "$namespace" delete job --selector "$migrations" --ignore-not-found # what a Job runs cannot be changed
kubectl apply --filename "$rendered" --selector "$migrations"
kubectl --namespace "$namespace" wait job --selector "$migrations" --for condition=complete --timeout 30m
kubectl apply --filename "$rendered" --selector "app.kubernetes.io/component!=migration"
kubectl --namespace "$namespace" rollout status deployment --timeout 10m
