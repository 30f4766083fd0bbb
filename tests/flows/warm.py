"""Processes of the product that begin in milliseconds: forked from one that has it loaded.

They are processes like any other, with connections of their own, to be killed at will.
"""

import os
from collections.abc import Callable
from functools import cache
from multiprocessing import get_context
from typing import Any

LOADED = "tests.flows.loaded"


@cache
def _nursery(database_url: str) -> Any:
    """Return where processes on this database are forked; it starts with the first of them."""
    context = get_context("forkserver")
    context.set_forkserver_preload([LOADED])
    return context


def begin(target: Callable[..., None], *args: Any, database_url: str) -> Any:
    """Start `target` in a process of its own, on a database."""
    os.environ["DATABASE_URL"], before = database_url, os.environ.get("DATABASE_URL")
    try:
        process = _nursery(database_url).Process(target=target, args=args, daemon=True)
        process.start()
    finally:
        if before is None:
            del os.environ["DATABASE_URL"]
        else:
            os.environ["DATABASE_URL"] = before
    return process
