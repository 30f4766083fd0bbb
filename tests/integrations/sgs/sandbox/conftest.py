"""Nothing here needs Django or the database."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.integrations.sgs.bank import Bank, open_bank


@pytest.fixture
def make_bank() -> Iterator[Callable[..., Bank]]:
    made: list[Bank] = []

    def make(**options: Any) -> Bank:
        made.append(open_bank(**options))
        return made[-1]

    yield make
    for bank in made:
        bank.running.stop()


@pytest.fixture
def bank(make_bank: Callable[..., Bank]) -> Bank:
    return make_bank()
