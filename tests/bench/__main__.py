"""`make bench`: each performance goal as a ratio of two things measured in the same run.

python -m tests.bench [--size N] [--only mirror.] [--out bench.json]
"""

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings.test")


def main() -> int:
    """Measure, print, write, and fail when a goal is missed."""
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("--size", type=int, default=200_000, help="installments")
    parser.add_argument("--only", default="", help="only keys that start so")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--out", type=Path, default=Path("bench.json"))
    options = parser.parse_args()

    import django

    django.setup()
    from tests.bench import figures
    from tests.bench.database import scratch_database

    with scratch_database():
        results = figures.measure(options.size, options.rounds, options.only)
    options.out.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n")
    return _report(results)


def _report(results: dict[str, dict[str, Any]]) -> int:
    missed = 0
    for key, figure in results.items():
        is_met = _is_met(figure)
        missed += not is_met
        mark = "ok  " if is_met else "MISS"
        print(f"{mark} {key:32} {figure['value']:>10} {figure['unit']:6} goal {figure['goal']}")
        print(f"     {figure['detail']}")
    return 1 if missed else 0


def _is_met(figure: dict[str, Any]) -> bool:
    sign, limit = figure["goal"].split()
    value = float(figure["value"])
    return value <= float(limit) if sign == "<=" else value >= float(limit)


if __name__ == "__main__":
    sys.exit(main())
