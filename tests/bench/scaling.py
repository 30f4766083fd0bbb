"""Memory and cost of one load at 50,000 and at 1,000,000 installments, each in a fresh process."""

import json
import os
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.db import connection

from tests.bench.timing import figure

SMALL, LARGE = 50_000, 1_000_000


def scaling(rounds: int) -> dict[str, Any]:
    """Return peak memory, its flatness and the cost of a row when the portfolio grows."""
    small = [_in_a_process(SMALL) for _ in range(rounds)]
    large = [_in_a_process(LARGE) for _ in range(rounds)]
    peak_small = statistics.median(one["peak_mb"] for one in small)
    peak_large = statistics.median(one["peak_mb"] for one in large)
    cost_small = statistics.median(one["seconds"] for one in small) / SMALL
    cost_large = statistics.median(one["seconds"] for one in large) / LARGE
    memory = f"whole process: {peak_small:.0f} MB at {SMALL}, {peak_large:.0f} MB at {LARGE}"
    cost = f"{1e6 * cost_small:.1f} µs a row at {SMALL}, {1e6 * cost_large:.1f} at {LARGE}"
    return {
        "mirror.peak_mb": figure(peak_large, "<= 400", "MB", memory),
        "mirror.flat_memory": figure(peak_large / peak_small, "<= 1.2", "x", memory),
        "mirror.scale_cost": figure(cost_large / cost_small, "<= 1.3", "x", cost),
    }


def _in_a_process(size: int) -> dict[str, float]:
    environment = os.environ | {"BENCH_DATABASE": str(connection.settings_dict["NAME"])}
    answer = subprocess.run(
        [sys.executable, "-m", "tests.bench.scaling", str(size)],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    found: dict[str, float] = json.loads(answer.stdout.splitlines()[-1])
    return found


def _measure(size: int) -> None:
    import django

    django.setup()
    connection.settings_dict["NAME"] = os.environ["BENCH_DATABASE"]
    from tests.bench import portfolio
    from tests.bench.mirror import Book

    book = Book(size)
    book.empty()
    spent = book.load(portfolio.pages(size))
    book.empty()
    print(json.dumps({"seconds": spent, "peak_mb": _peak_mb()}))


def _peak_mb() -> float:
    """Return this program's own peak; getrusage would count the parent's before the exec."""
    status = Path("/proc/self/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    _measure(int(sys.argv[1]))
