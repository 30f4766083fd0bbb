#!/usr/bin/env bash
# Stops the demonstration if it runs and forgets its data; needs nothing but a shell, so that it
# works whatever state the data are in.
set -euo pipefail
cd "$(dirname "$0")/.."
home="${COBRANCA_HOME:-.local}"

stop() { # pid, signal, what its command line must contain
    local pid="$1" signal="$2" wanted="$3"
    [ -n "$pid" ] && tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -q "$wanted" || return 0
    kill "-$signal" "$pid"
    for _ in $(seq 1 300); do
        kill -0 "$pid" 2>/dev/null || return 0
        sleep 0.1
    done
    kill -KILL "$pid"
}

[ -d "$home" ] || exit 0
stop "$(cat "$home/demo.pid" 2>/dev/null || true)" TERM "manage.py demo"
stop "$(head -1 "$home/postgres/postmaster.pid" 2>/dev/null || true)" INT postgres

for item in postgres sandbox logs metrics static media emails demo.json demo.pid; do
    rm -rf "${home:?}/$item"
done
if [ -n "${DATABASE_URL:-}" ]; then
    echo "O banco de DATABASE_URL não foi tocado: esvazie-o você mesmo, se for o caso."
else
    rm -f "$home/secret"
fi
echo "Demonstração apagada. Para começar de novo: make demo"
