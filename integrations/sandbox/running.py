"""A simulator served from a background thread, for tests and for whoever embeds it."""

import threading
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from integrations.sandbox.control import PREFIX, ControlApi
from integrations.sandbox.messages import Reply, Request
from integrations.sandbox.registry import build
from integrations.sandbox.server import SandboxServer
from integrations.sandbox.simulator import Options, Simulator


class Running:
    """A simulator that is being served; leaving the `with` block stops it."""

    def __init__(self, simulator: Simulator, *, port: int = 0, host: str = "127.0.0.1") -> None:
        self.simulator = simulator
        self._control = ControlApi(simulator)
        self._server = SandboxServer(host, port, self._answer)
        self.port = int(self._server.server_address[1])
        self.url = f"http://{host}:{self.port}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), name=f"sandbox-{simulator.name}"
        )
        self._thread.daemon = True
        self._thread.start()
        simulator.opened(self.port)

    @property
    def world(self) -> Any:
        """The simulator's world, for tests that look inside."""
        return getattr(self.simulator, "world", None)

    def stop(self) -> None:
        """Stop serving and wait for it; stopping twice does no harm."""
        if self._thread.is_alive():
            self._server.stop()
            self._thread.join()
            self.simulator.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _answer(self, request: Request) -> Reply:
        if request.path == PREFIX or request.path.startswith(f"{PREFIX}/"):
            return self._control.answer(request)
        return self.simulator.answer(request)


def start(  # noqa: PLR0913 - the options of the command
    name: str,
    *,
    port: int = 0,
    seed: int = 1,
    contracts: int = 100,
    on: date | None = None,
    host: str = "127.0.0.1",
    state_dir: Path | None = None,
    **sizes: Any,
) -> Running:
    """Generate a world and serve it; `sizes` are the other fields of Options."""
    options = Options(seed=seed, contracts=contracts, on=on, state_dir=state_dir, **sizes)
    return Running(build(name, options), port=port, host=host)
