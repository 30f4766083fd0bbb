"""Installments move only along their table; contracts, summaries and timelines follow."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction

from cobranca.audit.models import AuditEntry
from cobranca.common.errors import DomainError, NotFoundError
from cobranca.contracts import erp
from cobranca.contracts.models import Contract, Event, Installment
from cobranca.contracts.services import (
    add_credit,
    lock_installments,
    move_installments,
    settle_installment,
)
from cobranca.contracts.states import INSTALLMENT_MOVES, InstallmentStatus
from cobranca.contracts.summary import refresh_summaries
from cobranca.debtors.models import DebtorSummary
from tests import factories

ON = date(2026, 4, 9)
S = InstallmentStatus


@pytest.fixture
def contract(in_scope, creditor, debtor) -> Contract:
    return factories.make_contract(creditor, debtor)


@pytest.fixture
def installment(contract) -> Installment:
    row = factories.make_installment(contract, 1)
    refresh_summaries([contract.debtor_id])
    return row


def owed_by(debtor) -> Decimal:
    return DebtorSummary.objects.get(debtor=debtor).open_total


@transaction.atomic
def move(rows: list[Installment], target: InstallmentStatus) -> None:
    move_installments(lock_installments([row.pk for row in rows]), target, on=ON)


@pytest.mark.parametrize("target", list(S))
@pytest.mark.parametrize("current", list(S))
def test_only_the_moves_of_the_table_exist(installment, current, target):
    Installment.objects.filter(pk=installment.pk).update(status=current)

    if target in INSTALLMENT_MOVES[current]:
        move([installment], target)
        expected = target
    else:
        with pytest.raises(DomainError, match="não pode passar a"):
            move([installment], target)
        expected = current

    installment.refresh_from_db()
    assert installment.status == expected


def test_settling_the_last_installment_finishes_the_contract(installment, contract, debtor):
    move([installment], S.SETTLED)

    contract.refresh_from_db()
    assert (contract.status, contract.finished_on) == ("finished", ON)
    assert owed_by(debtor) == 0


def test_reopening_takes_the_contract_up_again(installment, contract, debtor):
    move([installment], S.SETTLED)
    move([installment], S.OPEN)

    contract.refresh_from_db()
    assert (contract.status, contract.finished_on) == ("active", None)
    assert owed_by(debtor) == Decimal("1000.00")


def test_one_installment_that_may_not_move_keeps_the_others_where_they_are(contract, installment):
    gone = factories.make_installment(contract, 2, status=S.RECALLED)

    with pytest.raises(DomainError, match="Parcela devolvida não pode passar a em acordo"):
        move([installment, gone], S.NEGOTIATED)

    installment.refresh_from_db()
    assert installment.status == S.OPEN


def test_a_strange_installment_is_not_found(installment, other_agency):
    with pytest.raises(NotFoundError), transaction.atomic():
        lock_installments([installment.pk, 999_999])


def test_a_credit_lowers_what_is_owed_and_can_be_taken_back(installment, debtor):
    add_credit({installment.pk: Decimal("434.52")})

    installment.refresh_from_db()
    assert (installment.balance, installment.owed) == (Decimal("1000.00"), Decimal("565.48"))
    assert owed_by(debtor) == Decimal("565.48")

    add_credit({installment.pk: Decimal("-434.52")})
    assert owed_by(debtor) == Decimal("1000.00")


def test_a_partial_payment_reads_like_the_playbook(installment, collector, debtor):
    """7.5: 1.000,00 − 434,52 = 565,48."""
    settle_installment(
        installment_id=installment.pk, amount=Decimal("434.52"), paid_on=ON, actor=collector
    )

    event = Event.objects.get(debtor=debtor)
    assert event.title == "Pagamento Direto"
    assert (
        "Parcela: 1 Valor Original: R$ 1.000,00 Valor Pago: R$ 434,52 Saldo Parcial: R$ 565,48"
    ) in event.text
    installment.refresh_from_db()
    assert (installment.status, installment.owed) == (S.OPEN, Decimal("565.48"))


def test_paying_what_is_owed_settles(installment, collector):
    for amount in ("434.52", "565.48"):
        settle_installment(
            installment_id=installment.pk, amount=Decimal(amount), paid_on=ON, actor=collector
        )

    installment.refresh_from_db()
    assert installment.status == S.SETTLED
    assert AuditEntry.objects.filter(action="installment.paid").count() == 2


@pytest.mark.parametrize("amount", ["0.00", "-1.00", "1000.01"])
def test_amounts_that_cannot_be_are_refused(installment, collector, amount):
    with pytest.raises(DomainError, match="entre R\\$ 0,01 e R\\$ 1.000,00") as told:
        settle_installment(
            installment_id=installment.pk, amount=Decimal(amount), paid_on=ON, actor=collector
        )

    assert told.value.field == "amount"
    assert not Event.objects.exists()


def test_what_is_in_an_agreement_is_not_paid_apart(installment, collector):
    move([installment], S.NEGOTIATED)

    with pytest.raises(DomainError, match="já não está em aberto: está em acordo"):
        settle_installment(
            installment_id=installment.pk, amount=Decimal(1), paid_on=ON, actor=collector
        )


def test_a_creditor_without_erp_refuses_in_words(creditor, contract):
    creditor.creditor_type = ""
    gateway = erp.gateway_for(creditor)

    assert not gateway.can_quote
    with pytest.raises(DomainError, match="não tem integração com ERP"):
        gateway.quote(contract, ON)
