#!/usr/bin/env bash
# check.sh lint: everything a machine can say without running the product.
# check.sh all: lint, then tests.
# check.sh test: all tests, in parallel, each process with its own database.
set -uo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"
failed=()

step() {
    local name="$1" output
    shift
    if output="$("$@" 2>&1)"; then
        printf 'ok    %s\n' "$name"
    else
        printf 'FALHA %s\n%s\n' "$name" "$output"
        failed+=("$name")
    fi
}

# Production's own checks need production's settings; these secrets open nothing.
deploy_check() {
    local noise="only-for-this-check-${RANDOM}-abcdefghijklmnopqrstuvwxyz0123456789"
    env DJANGO_SETTINGS_MODULE=settings.production \
        DATABASE_URL=postgresql://check@127.0.0.1:1/check \
        CELERY_BROKER_URL=redis://127.0.0.1:1/0 \
        SECRET_KEY="$noise" FIELD_ENCRYPTION_KEYS=MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE= \
        SITE_URL=https://cobranca.example ALLOWED_HOSTS=cobranca.example \
        python manage.py check --deploy --fail-level WARNING
}

lint() {
    step "ruff check" ruff check .
    step "ruff format" ruff format --check .
    step "import rules" lint-imports
    step "templates" djlint --lint --quiet templates
    step "types" mypy
    step "migrations up to date" python manage.py makemigrations --check --dry-run
    step "check --deploy" deploy_check
    python .ci/measure_sizes.py || failed+=("sizes")
    [ ${#failed[@]} -eq 0 ] || { echo "lint: ${failed[*]}"; return 1; }
}

tests() {
    pytest -n "${TEST_WORKERS:-auto}" --maxprocesses 4 --dist loadgroup --durations 15 "$@"
}

case "${1:-}" in
    lint) lint ;;
    test) shift; tests "$@" ;;
    # Tests say their part even when lint has something to say.
    all) lint; ok=$?; tests && exit $ok; exit 1 ;;
    *) echo "uso: check.sh all | lint | test [opções do pytest]" >&2; exit 2 ;;
esac
