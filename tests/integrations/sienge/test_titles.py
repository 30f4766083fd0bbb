"""Titles read whole, by bulk and by REST, against the simulator's book."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from cobranca.contracts.records import (
    BoletoRecord,
    ContractRecord,
    DoubtRecord,
    InstallmentRecord,
    PaymentRecord,
    SaleRecord,
)
from integrations.core.budget import CallBudget, Priority, budget_left
from integrations.core.calls import BULK
from integrations.core.errors import CredentialsError, RetryableError, TooManyAtOnceError
from integrations.core.models import IntegrationLog
from integrations.sandbox.running import start
from integrations.sienge import parameters as p
from integrations.sienge.connector import make_connector
from integrations.sienge.streams.titles import MOST_BY_REST
from tests import factories
from tests.flows.office import Erp
from tests.integrations.sienge.office import configure

TODAY = date(2026, 11, 19)
BY_BILLS = "/bulk-data/v1/income/by-bills"


@pytest.fixture
def erp() -> Iterator[Erp]:
    made = Erp(start("sienge", contracts=40, customers=60, companies=2, on=TODAY))
    yield made
    made.stop()


@pytest.fixture
def connect(in_scope, erp, settings, monkeypatch):
    settings.INTEGRATION_FIRST_PAUSE = 0.001
    monkeypatch.setattr("integrations.sienge.config.REST_PER_MINUTE", 10_000)
    monkeypatch.setattr("integrations.sienge.config.BULK_PER_MINUTE", 10_000)
    company = factories.make_creditor(in_scope, creditor_type="SIENGE", external_code="1")
    configure(
        in_scope,
        {p.USER: "construtora-cobranca", p.PASSWORD: "sandbox-sienge", p.API_ADDRESS: erp.api_url},
    )
    return lambda: make_connector(company, priority=Priority.PAYMENTS)


class Read:
    def __init__(self, connector: Any, *titles: Any, receipts: bool = False, **facts: Any) -> None:
        codes = [str(title) for title in titles]
        pages = list(connector.read_titles(codes, receipts=receipts, **facts))
        self.records = [record for page in pages for record in page.records]
        self.issues = [issue for page in pages for issue in page.issues]
        self.ignored = [rule for page in pages for rule in page.ignored]
        self.notices = [notice for page in pages for notice in page.notices]

    def of(self, kind: type) -> list[Any]:
        return [record for record in self.records if type(record) is kind]

    @property
    def installments(self) -> dict[tuple[str, int], InstallmentRecord]:
        return {(one.contract, one.number): one for one in self.of(InstallmentRecord)}

    @property
    def titles(self) -> dict[str, ContractRecord]:
        return {one.external_id: one for one in self.of(ContractRecord)}


def bills(erp: Erp) -> list[dict[str, Any]]:
    found = [bill for bill in erp.bills() if bill["complete"] and not bill["forecast"]]
    assert len(found) > 10
    return found


def open_line(bill: dict[str, Any]) -> int:
    return next(one["id"] for one in bill["installments"] if one["balance"] > 0)


def a_sale(erp: Erp) -> dict[str, Any]:
    return next(
        bill
        for bill in bills(erp)
        if bill["contract"]
        and bill["contract_situation"] == "Emitido"
        and sum(one["balance"] > 0 for one in bill["installments"]) > 4
    )


def refuse_bulk(erp: Erp) -> None:
    erp.fault("403", BY_BILLS)


def test_bulk_and_rest_tell_the_same_of_every_title(connect, erp):
    some = bills(erp)
    for bill in some[:12]:
        if any(one["balance"] > 0 for one in bill["installments"]):
            erp.act("pay", bill=bill["bill"], installment=open_line(bill))
    erp.act("random", n=40, seed=5)
    codes = [bill["bill"] for bill in bills(erp)]

    together = Read(connect(), *codes, receipts=True)
    one_by_one = [Read(connect(), code) for code in codes]

    apart = {key: one for read in one_by_one for key, one in read.installments.items()}
    assert apart == together.installments
    assert {code: title.debtor for read in one_by_one for code, title in read.titles.items()} == {
        code: title.debtor for code, title in together.titles.items()
    }
    assert not any(read.issues for read in [together, *one_by_one])
    assert not any(read.of(PaymentRecord) for read in one_by_one)


def test_every_installment_comes_open_or_not(connect, erp):
    bill = a_sale(erp)

    for receipts in (True, False):
        read = Read(connect(), bill["bill"], receipts=receipts)

        assert read.titles[str(bill["bill"])].has_receipts is receipts
        assert {(number, str(one.balance)) for (_, number), one in read.installments.items()} == {
            (one["id"], f"{Decimal(str(one['balance'])):.2f}") for one in bill["installments"]
        }
        assert bool(read.of(PaymentRecord)) is receipts or not any(
            one["receipts"] for one in bill["installments"]
        )


def test_several_titles_cost_one_bulk_call(connect, erp):
    codes = [bill["bill"] for bill in bills(erp)][:10]

    Read(connect(), *codes, receipts=True)

    assert (
        IntegrationLog.objects.values_list("method", flat=True).get()
        == "ConsultarParcelasTitulosBulk"
    )


@pytest.mark.parametrize("status", ["403", "404-html"])
def test_without_bulk_data_titles_are_read_one_by_one(connect, erp, status):
    codes = [bill["bill"] for bill in bills(erp)][:3]
    expected = Read(connect(), *codes).installments
    erp.fault(status, BY_BILLS)

    read = Read(connect(), *codes, receipts=True)

    assert read.installments == expected
    assert read.of(PaymentRecord) == []


def test_a_spent_bulk_quota_is_as_good_as_none(connect, erp, in_scope):
    configure(in_scope, {p.PACKAGE: "Start"})
    connector = connect()
    code = bills(erp)[0]["bill"]
    limits = {left.pool: left for left in budget_left(in_scope, "sienge")}
    CallBudget(in_scope.pk, "sienge", {}, Priority.PAYMENTS).close_day(BULK)
    assert limits[BULK].day_limit == 20
    # A day that was declared over is tried once, in case it is not: here it is.
    erp.fault("429", BY_BILLS, daily=True)

    assert Read(connector, code, receipts=True).installments


def test_more_than_a_few_titles_by_rest_are_asked_for_in_parts(connect, erp):
    refuse_bulk(erp)
    codes = [bill["bill"] for bill in erp.bills()][: MOST_BY_REST + 1]
    assert len(codes) == MOST_BY_REST + 1
    connector = connect()

    with pytest.raises(TooManyAtOnceError):
        Read(connector, *codes)

    # What is not granted is not asked for again.
    Read(connector, *codes[:2])
    bulk = IntegrationLog.objects.filter(method="ConsultarParcelasTitulosBulk")
    assert bulk.count() == 1


def test_a_cut_answer_is_no_answer(connect, erp):
    codes = [bill["bill"] for bill in bills(erp)][:4]
    erp.fault("truncated", BY_BILLS, item=5)

    with pytest.raises(RetryableError):
        Read(connect(), *codes, receipts=True)


def test_a_wrong_password_is_not_asked_twice(connect, erp):
    erp.fault("401", BY_BILLS)

    with pytest.raises(CredentialsError):
        Read(connect(), bills(erp)[0]["bill"], receipts=True)


@pytest.mark.parametrize("receipts", [True, False])
def test_a_title_that_is_gone_comes_as_one_without_installments(connect, erp, receipts):
    read = Read(connect(), 999_999, receipts=receipts)

    assert read.titles["999999"].debtor == ""
    assert read.installments == {}


def test_a_title_that_the_bulk_data_leaves_out_is_left_as_it_is(connect, erp):
    code = bills(erp)[0]["bill"]
    erp.fault("missing-row", BY_BILLS, rows=1000)

    read = Read(connect(), code, receipts=True)

    assert read.records == [DoubtRecord(str(code))]
    assert [issue.contract for issue in read.issues] == [str(code)]


def test_rows_that_name_no_title_leave_all_of_them_as_they_are(connect, erp):
    codes = [bill["bill"] for bill in bills(erp)][:2]
    erp.fault("wrong-type", BY_BILLS, item=0, field="billId", missing=True)

    read = Read(connect(), *codes, receipts=True)

    assert set(read.of(DoubtRecord)) == {DoubtRecord(str(code)) for code in codes}


def test_a_cancelled_contract_says_so(connect, erp):
    bill = a_sale(erp)
    erp.act("cancel_contract", contract=bill["contract"])

    for receipts in (True, False):
        read = Read(connect(), bill["bill"], receipts=receipts)

        assert [sale.is_cancelled for sale in read.of(SaleRecord)] == [True]
        assert {one.closing for one in read.installments.values()} >= {"termination"}


def test_the_sale_that_was_asked_for_its_title_comes_with_it(connect, erp):
    bill = a_sale(erp)
    connector = connect()

    assert connector.title_of_sale(str(bill["contract"])) == str(bill["bill"])
    assert connector.title_of_sale("99999999") == ""

    read = Read(connector, bill["bill"], receipts=True)
    assert [sale.contract for sale in read.of(SaleRecord)] == [str(bill["bill"])]


def test_a_renegotiation_says_why_installments_closed(connect, erp):
    bill = a_sale(erp)
    replaced = [one["id"] for one in bill["installments"] if one["balance"] > 0][:3]
    erp.act("renegotiate", bill=bill["bill"], installments=replaced, parts=2)

    for receipts in (True, False):
        read = Read(connect(), bill["bill"], receipts=receipts).installments

        closed = {read[str(bill["bill"]), number].closing for number in replaced}
        assert closed == {"renegotiation"}


def test_boletos_come_with_titles_read_by_rest_and_where_they_are_asked_for(connect, erp):
    bill = a_sale(erp)
    erp.act("register_boleto", bill=bill["bill"], installment=open_line(bill))
    code = str(bill["bill"])

    by_rest = Read(connect(), code)
    by_bulk = Read(connect(), code, receipts=True)
    asked_for = Read(connect(), code, receipts=True, boletos=[code])

    assert BoletoRecord(code, open_line(bill), True) in by_rest.records
    assert by_bulk.of(BoletoRecord) == []
    assert set(asked_for.of(BoletoRecord)) == set(by_rest.of(BoletoRecord))


@pytest.mark.parametrize("receipts", [True, False])
def test_the_filters_of_the_loads_hold(connect, erp, in_scope, receipts):
    bill = a_sale(erp)
    condition = bill["installments"][-1]["condition"]
    configure(in_scope, {p.IGNORED_PAYMENT_CONDITIONS: condition})

    read = Read(connect(), bill["bill"], receipts=receipts)

    assert {one.note for one in read.installments.values()}.isdisjoint({condition})
    assert read.ignored == [f"Condição de pagamento ignorada: {condition}"]
    configure(in_scope, {p.IGNORED_DOCUMENTS: bill["document_type"].strip()})
    assert Read(connect(), bill["bill"], receipts=receipts).records == []
