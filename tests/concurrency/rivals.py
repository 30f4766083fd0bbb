"""Racing what people do to agreements, and telling who won."""

from collections.abc import Callable
from typing import Any

from django.db import IntegrityError
from django_scopes import scope

from cobranca.common.errors import DomainError
from tests.concurrency.test_task_runs import race

RACES = 6
REFUSED = (DomainError, IntegrityError)


def contest(agency: Any, *calls: Callable[[], object]) -> list[object]:
    """Race the calls; return of each what it got, or the refusal it met."""

    def attempt(call: Callable[[], object]) -> Callable[[], object]:
        def go() -> object:
            with scope(agency=agency):
                try:
                    return call()
                except REFUSED as refusal:
                    return refusal

        return go

    return race(*map(attempt, calls))


def winners(outcome: list[object]) -> int:
    return sum(not isinstance(each, REFUSED) for each in outcome)


def refusal_of(outcome: list[object]) -> str:
    return next(str(each) for each in outcome if isinstance(each, DomainError))
