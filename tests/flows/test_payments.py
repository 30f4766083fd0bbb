"""“Sienge Pagamentos”: every settlement type of the playbook's 7.5, end to end (SIE-18, SIE-19)."""

from decimal import Decimal
from typing import Any

import pytest

from cobranca.common.errors import DomainError
from cobranca.contracts.models import Event, Installment, Payment, Recall
from integrations.core.models import ImportRun, LoadState
from integrations.core.runs.services import import_now
from tests.flows.office import Office

# What each type says an installment without balance was closed by.
CLOSES = {
    "Abatimento de Adiantamento": "payment",
    "Adiantamento": "payment",
    "Bonificação": "payment",
    "Cancelamento": "creditor_request",
    "Outros": "payment",
    "Outros com Resíduo": "payment",
    "Por Bens": "payment",
    "Promoção": "payment",
    "Recebimento": "payment",
    "Sorteio": "payment",
    "Substituição": "renegotiation",
}
IN_CASH = {"Adiantamento", "Recebimento"}


def read_payments(office: Office, **facts: Any) -> ImportRun:
    run = import_now(
        creditor=office.creditor, layout="sienge_pagamentos", now=office.now(), **facts
    )
    assert run.status == "done", run.message
    return run


def an_open_one(office: Office, worth: int = 100) -> Installment:
    found = Installment.objects.filter(
        contract__creditor=office.creditor, status="open", balance__gte=worth
    )
    row = found.select_related("contract").order_by("due_date", "pk").first()
    assert row is not None
    return row


def pay(office: Office, row: Installment, **facts: Any) -> None:
    bill = int(row.contract.external_id)
    office.erp.act("pay", bill=bill, installment=row.number, charges=False, **facts)


def receipts(row: Installment) -> list[tuple[str, bool, Decimal]]:
    found = Payment.objects.filter(contract=row.contract, number=row.number).order_by("pk")
    return list(found.values_list("kind", "is_cash", "gross"))


def told(row: Installment) -> list[tuple[str, str]]:
    found = Event.objects.filter(contract=row.contract).exclude(kind="import").order_by("pk")
    return list(found.values_list("kind", "text"))


@pytest.fixture
def loaded(office: Office) -> Office:
    office.load(full=True)
    return office


@pytest.mark.parametrize("kind", CLOSES)
def test_a_total_one_closes_the_installment(loaded, kind):
    row = an_open_one(loaded)

    pay(loaded, row, operation=kind)
    read_payments(loaded)

    row.refresh_from_db()
    assert row.status == "recalled"
    assert receipts(row) == [(kind, receipts(row)[0][1], row.principal)]
    recall = Recall.objects.get(contract=row.contract, number=row.number)
    assert recall.reason == CLOSES[kind]
    assert told(row)[-1][0] == "recall"


@pytest.mark.parametrize("kind", CLOSES)
def test_a_partial_one_leaves_the_rest_to_collect(loaded, kind):
    row = an_open_one(loaded)
    balance = row.balance

    pay(loaded, row, operation=kind, amount="40.00")
    read_payments(loaded)

    row.refresh_from_db()
    assert (row.status, row.balance) == ("open", balance - 40)
    assert [(name, gross) for name, _, gross in receipts(row)] == [(kind, Decimal("40.00"))]
    assert not Recall.objects.filter(contract=row.contract, number=row.number).exists()
    if kind in IN_CASH:
        assert [one for one, _ in told(row)] == ["direct_payment"]
        assert "Valor Pago: R$ 40,00" in told(row)[0][1]


def test_the_playbooks_partial_receipt_is_told_with_all_of_its_figures(loaded):
    row = an_open_one(loaded, worth=1000)
    bill = int(row.contract.external_id)
    loaded.erp.act("change_installment", bill=bill, installment=row.number, amount="1000.00")
    loaded.next_day()
    loaded.load()

    pay(loaded, row, amount="434.52")
    read_payments(loaded)

    row.refresh_from_db()
    assert row.balance == Decimal("565.48")
    text = told(row)[-1][1]
    for words in ("Valor Original: R$ 1.000,00", "Valor Pago: R$ 434,52", "Parcial: R$ 565,48"):
        assert words in text


def test_a_total_one_for_less_closes_it_all_the_same(loaded):
    row = an_open_one(loaded)

    pay(loaded, row, amount="60.00", closes=True)
    read_payments(loaded)

    row.refresh_from_db()
    assert row.status == "recalled"
    paid = Payment.objects.get(contract=row.contract, number=row.number)
    assert (paid.net, paid.discount) == (Decimal("60.00"), row.principal - 60)


def test_a_reversal_reopens_what_it_settled(loaded):
    row = an_open_one(loaded)
    balance = row.balance
    pay(loaded, row)
    read_payments(loaded)

    loaded.next_day()
    bill = int(row.contract.external_id)
    loaded.erp.act("reverse_receipt", bill=bill, installment=row.number, estorno=True)
    read_payments(loaded)

    row.refresh_from_db()
    assert (row.status, row.balance) == ("open", balance)
    assert [name for name, _, _ in receipts(row)] == ["Recebimento", "Estorno"]
    assert told(row)[-1][0] == "reopen"


def test_applying_the_same_receipt_again_changes_nothing(loaded):
    row = an_open_one(loaded)
    pay(loaded, row, amount="25.00")
    read_payments(loaded)
    before = (receipts(row), told(row))

    again = read_payments(loaded)
    loaded.next_day()
    loaded.load()

    assert (receipts(row), told(row)) == before
    assert (again.updated, again.recalled) == (0, 0)


def test_only_contracts_known_here_are_touched(loaded):
    customer = loaded.erp.bills()[0]["customer"]
    made = loaded.erp.act("new_avulso", customer=customer, company=1, amount="500.00")
    bill = made["bill"]["bill"] if isinstance(made["bill"], dict) else made["bill"]
    loaded.erp.act("pay", bill=bill, installment=1, amount="100.00")

    run = read_payments(loaded)

    assert not loaded.creditor.contracts.filter(external_id=str(bill)).exists()
    assert run.ignored == 1
    assert run.included == 0


def test_it_reads_from_the_last_good_one_and_leaves_the_daily_loads_window_alone(loaded):
    before = LoadState.objects.get(creditor=loaded.creditor).loaded_until
    first = read_payments(loaded)
    loaded.next_day()

    second = read_payments(loaded)

    assert (first.window_from, second.window_from) == (None, first.window_to)
    assert LoadState.objects.get(creditor=loaded.creditor).loaded_until == before


def test_it_is_never_a_batimento(loaded):
    with pytest.raises(DomainError, match="não faz batimento"):
        import_now(
            creditor=loaded.creditor, layout="sienge_pagamentos", now=loaded.now(), full=True
        )


def test_a_simulation_changes_nothing(loaded):
    row = an_open_one(loaded)
    pay(loaded, row)

    run = read_payments(loaded, dry_run=True)

    row.refresh_from_db()
    assert (row.status, run.recalled, receipts(row)) == ("open", 1, [])


def test_an_answer_cut_in_the_middle_changes_nothing_and_is_read_again(loaded):
    row = an_open_one(loaded)
    pay(loaded, row)
    loaded.erp.fault("cut-body", "/bulk-data/v1/income", nth=[1])

    read_payments(loaded)

    row.refresh_from_db()
    assert row.status == "recalled"
