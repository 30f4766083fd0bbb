"""The simulators there are, by name; each is loaded only when asked for."""

from importlib import import_module
from typing import Any, cast

from integrations.sandbox.simulator import Options, Simulator

SIMULATORS = {
    "sgs": "integrations.sgs.sandbox.simulator:SgsSimulator",
    "sienge": "integrations.sienge.sandbox.simulator:SiengeSimulator",
}


def build(name: str, options: Options) -> Simulator:
    """Return a new simulator with its world generated; KeyError when the name is unknown."""
    module, _, attribute = SIMULATORS[name].partition(":")
    factory: Any = getattr(import_module(module), attribute)
    return cast(Simulator, factory(options))
