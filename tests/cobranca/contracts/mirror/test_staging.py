"""Where pages wait: tables made when first needed, and rows that arrive as they were told."""

from datetime import date
from decimal import Decimal
from itertools import count

import pytest
from django.db import connection, transaction

from cobranca.contracts import mirror
from cobranca.contracts.mirror.copytext import DATE, DAY, FLAG, MONEY, TEXT, copy_text, day
from cobranca.contracts.mirror.staging import sources
from cobranca.contracts.records import BoletoRecord, DoubtRecord, PersonRecord
from tests.cobranca.contracts.mirror.book import customer, parcel, title

pytestmark = pytest.mark.django_db
runs = count(920_000)


@pytest.fixture
def run():
    return next(runs)


def tables_of(run):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT split_part(tablename, '_', 1) FROM pg_tables"
            " WHERE schemaname = 'mirror' AND tablename LIKE %s",
            [f"%\\_{run}"],
        )
        return {name for (name,) in cursor.fetchall()}


def read(run, kind, columns):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {sources(run)[kind]} s ORDER BY 1")
        return cursor.fetchall()


def test_a_run_has_tables_only_for_what_it_was_told(run):
    mirror.prepare(run)
    assert tables_of(run) == set()

    mirror.stage(run, 1, [title("500", "1")])
    mirror.stage(run, 2, [title("501", "1"), customer("1")])

    assert tables_of(run) == {"contract", "debtor"}


def test_what_was_not_told_reads_as_nothing(run):
    mirror.stage(run, 1, [title("500", "1")])

    assert read(run, "boleto", "contract, number, available, page, s.ctid") == []


def test_a_page_taken_back_takes_its_tables_along_and_the_next_makes_them_again(run):
    with transaction.atomic():
        mirror.stage(run, 1, [title("500", "1")])
        transaction.set_rollback(True)
    assert tables_of(run) == set()

    mirror.stage(run, 1, [title("501", "1")])

    assert read(run, "contract", "external_id") == [("501",)]


def test_rows_are_counted_as_they_were_told(run):
    assert mirror.staged_rows(run) == 0

    told = mirror.stage(run, 1, [title("500", "1"), parcel("500", 1), parcel("500", 2)])

    assert mirror.staged_rows(run) == told == 3


def test_preparing_and_discarding_leave_nothing(run):
    mirror.stage(run, 1, [title("500", "1"), parcel("500", 1)])
    mirror.prepare(run)
    assert (mirror.staged_rows(run), tables_of(run)) == (0, set())

    mirror.stage(run, 1, [parcel("500", 1)])
    mirror.discard(run)
    mirror.discard(run)

    assert (mirror.staged_rows(run), tables_of(run)) == (0, set())


def test_a_contract_is_noted_when_a_page_told_something_open_of_it(run):
    mirror.stage(run, 1, [parcel("500", 1, "0.00"), parcel("501", 1), parcel("501", 2)])

    assert read(run, "opened", "contract") == [("501",)]


def test_a_page_forgotten_takes_its_rows_and_notes_along(run):
    mirror.stage(run, 1, [parcel("500", 1)])
    mirror.stage(run, 2, [parcel("501", 1), title("501", "1")])

    mirror.forget_pages(run, [2])

    assert read(run, "installment", "contract") == [("500",)]
    assert read(run, "opened", "contract") == [("500",)]
    assert mirror.staged_rows(run) == 1


@pytest.mark.parametrize(
    "due", [date(1969, 12, 31), date(1999, 12, 31), date(2000, 2, 29), date(2099, 1, 1)]
)
def test_a_due_date_comes_back_as_the_day_it_was(run, due):
    mirror.stage(run, 1, [parcel("500", 1, due_date=due)])

    assert read(run, "installment", day("s.due_date")) == [(due,)]


@pytest.mark.parametrize(
    "text", ["a\tb", "a\nb", "a\r\nb", "C:\\x", "\\N", "None", "", "ÇÃO\u00a0"]
)
def test_text_comes_back_as_it_was(run, text):
    plain = PersonRecord("1", "spouse", "MARIA")
    mirror.stage(run, 1, [plain, plain._replace(debtor="2", name=text)])

    assert read(run, "person", "debtor, name") == [("1", "MARIA"), ("2", text)]


def test_a_nul_is_left_out_for_postgresql_cannot_store_it(run):
    mirror.stage(run, 1, [PersonRecord("1", "spouse", "MAR\0IA")])

    assert read(run, "person", "name") == [("MARIA",)]


def test_what_is_not_known_comes_back_as_null(run):
    mirror.stage(run, 1, [customer("1"), DoubtRecord("500")])
    mirror.stage(run, 2, [customer("2")._replace(birth_date=date(1980, 5, 1))])

    assert read(run, "debtor", "external_id, birth_date") == [("1", None), ("2", date(1980, 5, 1))]
    assert read(run, "doubt", "contract, number") == [("500", None)]


def test_money_and_flags_come_back_exact(run):
    mirror.stage(run, 1, [parcel("500", 1, "1234567890.10"), BoletoRecord("500", 1, False)])

    assert read(run, "installment", "balance, is_open") == [(Decimal("1234567890.10"), True)]
    assert read(run, "boleto", "available") == [(False,)]


def test_a_row_is_one_line_behind_its_page():
    rows = [
        ("a\tb", date(2000, 1, 2), None, Decimal("1.50"), True),
        ("c", date(1999, 12, 31), date(2026, 1, 1), Decimal("-1"), False),
    ]

    text = copy_text(7, (TEXT, DAY, DATE, MONEY, FLAG), rows)

    assert text == "7\ta\\tb\t1\t\\N\t1.50\tt\n7\tc\t-1\t2026-01-01\t-1\tf\n"
