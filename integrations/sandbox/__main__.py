"""python -m integrations.sandbox NAME --port N --seed S --contracts N ..."""

import argparse
import sys
from datetime import date
from pathlib import Path

from integrations.sandbox.command import serve
from integrations.sandbox.journal import StateMismatch
from integrations.sandbox.registry import SIMULATORS


def parser() -> argparse.ArgumentParser:
    """Return the command's options, which `manage.py sandbox` shares."""
    options = argparse.ArgumentParser(prog="sandbox", description=__doc__)
    options.add_argument("name", choices=sorted(SIMULATORS))
    options.add_argument("--host", default="127.0.0.1")
    options.add_argument("--port", type=int, required=True)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--contracts", type=int, default=100)
    options.add_argument("--date", dest="on", type=date.fromisoformat, metavar="YYYY-MM-DD")
    options.add_argument("--customers", type=int)
    options.add_argument("--companies", type=int, default=2)
    options.add_argument("--installments-per-contract", type=int)
    options.add_argument("--first-company-percent", type=int, default=90)
    options.add_argument("--extras-percent", type=int, default=12)
    options.add_argument("--state", dest="state_dir", type=Path, metavar="DIR")
    return options


def main() -> int:
    """Serve until stopped; 2 when the state directory belongs to another world."""
    arguments = vars(parser().parse_args())
    try:
        serve(arguments.pop("name"), **arguments)
    except StateMismatch as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
