"""A whole portfolio priced, against merely reading it and against a row at a time."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any

from django.db import connection, transaction
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from cobranca.accounts.models import Agency
from cobranca.calc.calendar import delay
from cobranca.campaigns.bulk import bulk_quote
from cobranca.campaigns.calculation import Asked, calculate
from cobranca.campaigns.models import CashBracket
from cobranca.contracts.models import Installment
from cobranca.creditors.models import Creditor
from cobranca.telecobranca.calculation_table import Row
from tests import factories
from tests.bench.timing import figure, median_of, seconds

ON = date(2026, 11, 20)
PER_DEBTOR = 5
SIZE = 1_000_000
ORM_ROWS = 50_000
INSTALLMENTS = 360
CENT = Decimal("0.01")


@contextmanager
def portfolio(size: int) -> Iterator[tuple[Agency, Creditor]]:
    """Keep a portfolio of `size` open installments while the figures are measured."""
    agency = factories.make_agency("Bancada de cálculo")
    with scope(agency=agency):
        creditor = factories.make_creditor(agency, state="SP")
        _campaign(creditor)
        _fill(creditor, size)
        try:
            yield agency, creditor
        finally:
            _clear()


def _campaign(creditor: Creditor) -> None:
    campaign = factories.make_campaign(creditor)
    start = -9999
    for stop, penalty, interest, fee in (
        (0, "0", "0", "0"),
        (30, "2", "1", "10"),
        (90, "2", "1.5", "12.5"),
        (9999, "2", "0.033", "15"),
    ):
        factories.make_cash_bracket(
            campaign,
            delay_from=start,
            delay_to=stop,
            penalty_percent=Decimal(penalty),
            monthly_interest_percent=Decimal(interest),
            fee_percent=Decimal(fee),
        )
        start = stop + 1


def _fill(creditor: Creditor, size: int) -> None:
    """Due over three years before and one after, five a debtor, of many amounts."""
    model = factories.make_contract(creditor, factories.make_debtor(creditor.agency))
    kind, debtors = model.contract_type_id, size // PER_DEBTOR
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """
            WITH people AS (
                INSERT INTO debtors_debtor (agency_id, name, document, kind, social_name,
                                             details)
                SELECT %(agency)s, 'DEVEDOR ' || n, 'X' || n, 'natural', '', '{}'
                FROM generate_series(1, %(debtors)s) n
                RETURNING id, document
            ), titles AS (
                INSERT INTO contracts_contract (agency_id, creditor_id, contract_type_id, debtor_id,
                    number, kind, status, external_id, external_debtor, is_current,
                    document_number, unit, attributes)
                SELECT %(agency)s, %(creditor)s, %(kind)s, id, document, 'sale', 'active',
                       document, '', true, '', '', '{}' FROM people
                RETURNING id
            )
            INSERT INTO contracts_negotiation (agency_id, contract_id, number)
            SELECT %(agency)s, id, 1 FROM titles
            """,
            {"agency": creditor.agency_id, "creditor": creditor.pk, "kind": kind,
             "debtors": debtors},
        )  # fmt: skip
        cursor.execute(
            """
            INSERT INTO contracts_installment (agency_id, contract_id, negotiation, number, label,
                due_date, principal, balance, note, status, has_boleto, is_imported)
            SELECT %(agency)s, c.id, 1, n, n::text, %(on)s::date - ((c.id * 37 + n * 211) %% 1460
                   - 365)::int, amount, amount, 'PM', 'open', false, true
            FROM contracts_contract c CROSS JOIN generate_series(1, %(each)s) n
            CROSS JOIN LATERAL (SELECT (50000 + (c.id * 7919 + n * 104729) %% 400000) / 100.0
                                ) AS told (amount)
            WHERE c.creditor_id = %(creditor)s AND c.external_id LIKE 'X%%'
            """,
            {"agency": creditor.agency_id, "creditor": creditor.pk, "on": ON,
             "each": PER_DEBTOR},
        )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE contracts_installment, contracts_contract")


def _clear() -> None:
    """The database is the bench's own: what came first is measured on empty tables too."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE debtors_debtor, contracts_contract CASCADE")


def bulk(size: int, rounds: int) -> dict[str, Any]:
    """Measure quote.bulk_vs_read and quote.bulk_speedup_vs_orm."""
    with portfolio(size) as (agency, creditor):
        read = median_of(rounds, lambda: seconds(lambda: _read(agency)))
        priced = median_of(rounds, lambda: seconds(lambda: _price(agency)))
        by_orm = seconds(lambda: _orm(creditor, ORM_ROWS)) / ORM_ROWS
    ours = priced / size
    detail = (
        f"{size} installments of {size // PER_DEBTOR} debtors: reading {read:.2f} s, "
        f"pricing with totals a debtor {priced:.2f} s"
    )
    told = f"{ORM_ROWS} rows by ORM and Decimal: {1 / by_orm:,.0f} rows/s, ours {1 / ours:,.0f}"
    return {
        "quote.bulk_vs_read": figure(priced / read, "<= 2", "x", detail),
        "quote.bulk_speedup_vs_orm": figure(by_orm / ours, ">= 25", "x", told),
    }


def _price(agency: Agency) -> None:
    made = bulk_quote(agency=agency, on=ON)
    made.group_totals()


def _read(agency: Agency) -> None:
    """Read the columns that pricing needs, as they are, and drop them."""
    statements = (
        "SELECT id, debtor_id, creditor_id, contract_type_id, branch_id FROM contracts_contract"
        f" WHERE agency_id = {agency.pk}",
        "SELECT id, contract_id, due_date, number, balance, credit FROM contracts_installment"
        f" WHERE agency_id = {agency.pk} AND status = 'open'",
    )
    for statement in statements:
        copied = f"COPY ({statement}) TO STDOUT (FORMAT binary)"
        with connection.cursor() as cursor, cursor.copy(copied) as copy:
            for _ in copy:
                pass


def _orm(creditor: Creditor, rows: int) -> None:
    """The plain way: objects, Decimal, a dictionary of totals."""
    brackets = list(CashBracket.objects.filter(campaign__creditor=creditor))
    totals: dict[int, Decimal] = {}
    fees: dict[int, Decimal] = {}
    owed = Installment.objects.filter(contract__creditor=creditor, status="open")
    for row in owed.select_related("contract__creditor").order_by("pk")[:rows].iterator():
        late = max(0, delay(row.due_date, ON, row.contract.creditor.state))
        bracket = next(b for b in brackets if b.delay_from <= late <= b.delay_to)
        penalty = interest = fee = Decimal(0)
        if late:
            rates = (bracket.penalty_percent, bracket.monthly_interest_percent)
            penalty = (row.owed * rates[0] / 100).quantize(CENT, ROUND_HALF_UP)
            interest = (row.owed * rates[1] * late / 3000).quantize(CENT, ROUND_HALF_UP)
            fee = (row.owed + penalty + interest) * bracket.fee_percent / 100
        debtor = row.contract.debtor_id
        totals[debtor] = totals.get(debtor, Decimal(0)) + row.owed + penalty + interest
        fees[debtor] = fees.get(debtor, Decimal(0)) + fee
    for debtor, fee in fees.items():
        totals[debtor] += fee.quantize(CENT, ROUND_DOWN)


@dataclass(frozen=True)
class ReadyTable:
    """What the template of the table is given, all of it text already."""

    rows: Sequence[Row]


def one_debtor(rounds: int) -> dict[str, Any]:
    """Measure quote.one_debtor: reading and pricing 360 installments ÷ rendering their table."""
    agency = factories.make_agency("Um devedor")
    with scope(agency=agency):
        creditor = factories.make_creditor(agency, state="SP")
        _campaign(creditor)
        contract = factories.make_contract(creditor, factories.make_debtor(agency))
        for number in range(1, INSTALLMENTS + 1):
            due = ON - timedelta(days=3 * number)
            factories.make_installment(contract, number, due_date=due, label=f"{number}/360")
        debtor, asked = contract.debtor_id, Asked(on=ON)
        table = ReadyTable([_ready(number) for number in range(1, INSTALLMENTS + 1)])
        with CaptureQueriesContext(connection) as queries:
            calculate(debtor, asked)
        rounds = max(rounds, 15)
        priced = median_of(rounds, lambda: seconds(lambda: calculate(debtor, asked)))
        rendered = median_of(rounds, lambda: seconds(lambda: _rendered(table)))
    _clear()
    detail = (
        f"{INSTALLMENTS} installments: {len(queries)} queries, priced in {priced * 1000:.1f} ms, "
        f"table rendered in {rendered * 1000:.1f} ms"
    )
    return {"quote.one_debtor": figure(priced / rendered, "<= 3", "x", detail)}


def _ready(number: int) -> Row:
    return Row(
        key=str(number),
        contract_key="1",
        contract="100001",
        label=f"{number}/360",
        due="10/03/2026",
        is_locked=False,
        is_late=True,
        is_selected=True,
        original="1.000,00",
        delay="255",
        correction="0,00",
        charges="105,00",
        fee="110,50",
        total="1.215,50",
        split="Multa (20,00) + Juros (85,00)",
    )


def _rendered(table: ReadyTable) -> str:
    return render_to_string("telecobranca/calculation/_rows.html", {"screen": table, "whole": True})
