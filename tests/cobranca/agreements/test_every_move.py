"""Every move that the table does not have is refused alike by services, API and screens."""

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
import time_machine

from cobranca.accounts.models import User
from cobranca.agreements.models import Agreement, AgreementPayment
from cobranca.agreements.services import (
    approve_agreement,
    break_agreement,
    cancel_agreement,
    refuse_agreement,
    submit_agreement,
)
from cobranca.agreements.states import AgreementStatus as S
from cobranca.common.errors import DomainError
from cobranca.contracts.models import Event
from tests.cobranca.agreements.making import TODAY, agree, pay, statuses

# action → the states it may start from; slugs are those of the screen.
ALLOWED: dict[str, set[str]] = {
    "activate": {S.PROPOSAL},
    "approve": {S.PROPOSAL, S.WAITING},  # a supervisor may put a proposal in force at once
    "refuse": {S.WAITING},
    "cancel": {S.PROPOSAL, S.WAITING, S.ACTIVE},
    "breach": {S.ACTIVE, S.WAITING},
    "settle": {S.ACTIVE},
}
SERVICES: dict[str, Callable[..., Any]] = {
    "activate": submit_agreement,
    "approve": approve_agreement,
    "refuse": refuse_agreement,
    "cancel": cancel_agreement,
    "breach": break_agreement,
}
SLUGS = {
    "activate": "efetivar",
    "approve": "aprovar",
    "refuse": "recusar",
    "cancel": "cancelar",
    "breach": "quebrar",
}
NEED_REASON = {"refuse", "cancel", "breach"}
FORBIDDEN = [
    pytest.param(action, status, id=f"{action} from {status}")
    for action, status in product(ALLOWED, S.values)
    if status not in ALLOWED[action]
]


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(f"{TODAY}T15:00:00Z", tick=False):
        yield


@pytest.fixture
def agreement_in(contract, collector, supervisor) -> Callable[[str], Agreement]:
    """Return an agreement that came to a state the way agreements do."""

    def brought_to(status: str) -> Agreement:
        told = {"actor": supervisor, "on": TODAY}
        if status == S.WAITING:
            return agree(contract, collector, discount="30")
        made = agree(contract, collector, mode="proposal" if status == S.PROPOSAL else "active")
        if status == S.SETTLED:
            pay(made, collector)
        elif status == S.BROKEN:
            break_agreement(agreement_id=made.pk, reason="Não pagou", **told)
        elif status == S.CANCELLED:
            cancel_agreement(agreement_id=made.pk, reason="Desistiu", **told)
        return made

    return brought_to


def everything(agreement: Agreement) -> tuple[Any, ...]:
    row = Agreement.objects.values().get(pk=agreement.pk)
    parcels = list(agreement.parcels.order_by("number").values())
    contract = agreement.items.all()[0].contract
    return row, parcels, statuses(contract), Event.objects.count(), AgreementPayment.objects.count()


@pytest.mark.parametrize(("action", "status"), FORBIDDEN)
def test_a_move_that_is_not_in_the_table_is_refused_everywhere(
    action, status, agreement_in, supervisor, api_for, client_for
):
    agreement = agreement_in(status)
    assert Agreement.objects.get(pk=agreement.pk).status == status
    before = everything(agreement)
    reason = {"reason": "Um motivo"} if action in NEED_REASON else {}

    with pytest.raises(DomainError) as refused:
        by_service(agreement, action, supervisor, reason)
    told = api_for(supervisor).post(
        f"/api/v1/agreements/{agreement.pk}/{action}/", reason, format="json"
    )
    seen = client_for(supervisor).post(screen(agreement, action), screen_body(action, reason))

    assert refused.value.message.endswith(".")
    assert told.status_code in (400, 409), told.content
    assert refused.value.message in str(told.json())
    assert seen.status_code in (200, 302, 409), seen.content
    assert everything(agreement) == before


def by_service(agreement: Agreement, action: str, actor: User, reason: dict[str, str]) -> None:
    if action == "settle":
        pay(agreement, actor)
    else:
        SERVICES[action](agreement_id=agreement.pk, actor=actor, on=TODAY, **reason)


def screen(agreement: Agreement, action: str) -> str:
    base = f"/telecobranca/acordos/{agreement.pk}/"
    if action == "settle":
        return f"{base}parcelas/{agreement.parcels.first().pk}/baixar/"
    return f"{base}{SLUGS[action]}/"


def screen_body(action: str, reason: dict[str, str]) -> dict[str, str]:
    if action == "settle":
        return {"paid_on": f"{TODAY:%d/%m/%Y}", "amount": "1,00", "means": "Dinheiro"}
    return reason


@pytest.mark.parametrize(
    ("action", "status"),
    [(action, status) for action, allowed in ALLOWED.items() for status in sorted(allowed)],
)
def test_a_move_of_the_table_is_made(action, status, agreement_in, supervisor, api_for):
    agreement = agreement_in(status)
    reason = {"reason": "Um motivo"} if action in NEED_REASON else {}

    told = api_for(supervisor).post(
        f"/api/v1/agreements/{agreement.pk}/{action}/", reason, format="json"
    )

    assert told.status_code == 200, told.content
    assert Agreement.objects.get(pk=agreement.pk).status != status
