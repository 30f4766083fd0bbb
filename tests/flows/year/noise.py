"""What goes wrong in a rough year: calls fail, deliveries get lost or come twice, workers die."""

import random
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from integrations.core.models import ImportRun
from integrations.core.runs.ownership import BusyError
from tests.flows.office import Office
from tests.flows.processes import ROOT, database_url, environment

# Of a hundred calls two fail, each in a way of its own.
FAULTS = ("500", "503", "429", "cut-body")
WEBHOOKS = {
    "mode": "manual",
    "loss": 0.05,
    "double": 0.05,
    # Longer than the hours that pass until the office looks: some arrive another day.
    "shuffle_seconds": 10 * 3600,
}
HOURS_UNTIL_EVENING = 5
# Prime to the week: everyone dies on each day of it sooner or later.
DAYS_BETWEEN_DEATHS = 9
VICTIMS = ("load", "webhooks", "payments", "opening", "push")


@dataclass
class Noise:
    """The same seed makes the same noise, but for the instant at which a worker dies."""

    office: Office
    seed: int
    deaths: int = 0
    failed_loads: int = 0
    days: int = 0
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(f"noise:{self.seed}")

    def begin(self) -> None:
        self.office.erp.settings(webhooks=WEBHOOKS)
        for kind in FAULTS:
            self.office.erp.fault(kind, "/public/api/", probability=0.02 / len(FAULTS))

    def counts(self) -> dict[str, int]:
        return {"deaths": self.deaths, "failed loads": self.failed_loads}

    def end(self) -> None:
        self.office.erp.heal()

    def victim(self) -> str:
        """Return which worker dies today, each in its turn; "" on most days."""
        self.days += 1
        if self.days % DAYS_BETWEEN_DEATHS:
            return ""
        return VICTIMS[self.days // DAYS_BETWEEN_DEATHS % len(VICTIMS)]

    def kill_a_worker(self, work: str, now: datetime) -> None:
        """Start a worker in a process of its own and end it as a power cut would."""
        worker = subprocess.Popen(
            [
                *(sys.executable, "-m", "tests.flows.year.worker", *work.split()[:1]),
                *(now.isoformat(), str(self.office.agency.pk), str(self.office.creditor.pk)),
                *work.split()[1:],
            ],
            cwd=ROOT,
            env=environment(database_url()),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert worker.stdout
        # It says when it begins; what it does then takes some tenths of a second.
        assert worker.stdout.readline().strip() == "working"
        time.sleep(self.chance.random() * 0.25)
        worker.kill()
        worker.wait()
        worker.stdout.close()
        self.deaths += 1


def patiently(office: Office, **what: Any) -> ImportRun:
    """Load once the backend of a dead worker has let go of what it held."""
    limit = time.monotonic() + 10
    while True:
        try:
            return office.load(**what)
        except BusyError:
            assert time.monotonic() < limit
            time.sleep(0.05)
