"""Serving a simulator until told to stop: the body of the `sandbox` command."""

import signal
import threading
from datetime import date
from pathlib import Path
from typing import Any

from integrations.sandbox.running import start


def serve(  # noqa: PLR0913 - the options of the command
    name: str,
    *,
    port: int,
    seed: int,
    contracts: int,
    on: date | None = None,
    host: str = "127.0.0.1",
    state_dir: Path | None = None,
    **sizes: Any,
) -> None:
    """Serve the simulator until SIGTERM or Ctrl-C; prints the address once it answers."""
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    running = start(
        name,
        port=port,
        seed=seed,
        contracts=contracts,
        on=on,
        host=host,
        state_dir=state_dir,
        **sizes,
    )
    print(f"sandbox {name}: {running.url} (control: {running.url}/_sandbox/)", flush=True)
    stopping.wait()
    running.stop()
