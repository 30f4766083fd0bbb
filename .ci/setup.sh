#!/usr/bin/env bash
# Brings a machine to where `make demo` (profile runtime) or `make test` (profile dev) can run:
# Debian packages when root on Debian, uv, the virtual environment with the locked packages.
# Safe to repeat; once everything is there it only compares one stamp.
set -euo pipefail
cd "$(dirname "$0")/.."

profile="${1:-runtime}"
tools=.tools
stamp=.venv/.installed
hash="$(sha256sum requirements.txt .ci/requirements-dev.txt | sha256sum | cut -c1-16)"

say() { printf '== %s\n' "$*"; }

# --- Debian packages: WeasyPrint's libraries and fonts; Chromium for the browser tests ---------

wanted_packages() {
    echo libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-liberation2 fonts-dejavu-core
    [ "$profile" = runtime ] || echo chromium
}

missing_packages() {
    for package in $(wanted_packages); do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' \
            || echo "$package"
    done
}

install_packages() {
    apt-get update -q && \
        DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@"
}

system_packages() {
    if ! command -v dpkg-query >/dev/null; then
        say "Este sistema não é Debian. Instale o equivalente a:" $(wanted_packages)
        return
    fi
    local missing
    missing="$(missing_packages | tr '\n' ' ')"
    [ -n "$missing" ] || return 0
    if [ "$(id -u)" -eq 0 ]; then
        say "Instalando pacotes do sistema: $missing"
        mkdir -p .local
        # shellcheck disable=SC2086  # one argument a package
        install_packages $missing >.local/apt.log 2>&1 && return 0
        tail -5 .local/apt.log
    fi
    say "FALTAM pacotes do sistema. Como root: apt-get install $missing"
}

# --- Python -------------------------------------------------------------------------------------

python_of_the_machine() {
    for name in python3.11 python3 python3.12 python3.13 python3.14; do
        if command -v "$name" >/dev/null \
            && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
            echo "$name"
            return
        fi
    done
    say "FALTA Python 3.11 ou mais novo (python3)." >&2
    exit 1
}

new_environment() {
    "$python" -m venv "$1" 2>/dev/null && return
    if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
        say "Instalando o módulo venv do Python"
        rm -rf "$1"
        install_packages python3-venv >/dev/null 2>&1 && "$python" -m venv "$1" && return
    fi
    say "FALTA o módulo venv do Python. Como root: apt-get install python3-venv" >&2
    exit 1
}

installed_uv() {
    local version
    version="$(sed -n 's/^uv==\([0-9.]*\).*/\1/p' .ci/requirements-dev.txt)"
    if [ "$($tools/bin/uv --version 2>/dev/null | cut -d' ' -f2)" != "$version" ]; then
        say "Instalando uv $version"
        [ -x $tools/bin/python ] || new_environment $tools
        $tools/bin/python -m pip install -q --disable-pip-version-check "uv==$version"
    fi
}

python_packages() {
    local lock=requirements.txt have=""
    if [ -f $stamp ]; then
        have="$(cat $stamp)"
    elif [ -x .venv/bin/pytest ]; then
        have="dev unknown"  # somebody made it by hand
    fi
    # The development set contains the other: whoever has it keeps it.
    case "$have" in
        "$profile $hash" | "dev $hash") return 0 ;;
        dev\ *) profile=dev ;;
    esac
    [ "$profile" = runtime ] || lock=.ci/requirements-dev.txt
    python="$(python_of_the_machine)"
    installed_uv
    [ -x .venv/bin/python ] || $tools/bin/uv venv -q --python "$python" .venv
    say "Instalando pacotes Python de $lock"
    $tools/bin/uv pip sync -q --python .venv/bin/python --require-hashes "$lock"
    echo "$profile $hash" >$stamp
}

system_packages
python_packages
