"""What collectors type, and whom they find."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from cobranca.accounts.models import Agency
from cobranca.common import clock
from cobranca.contracts.summary import refresh_summaries
from cobranca.creditors.models import Creditor
from cobranca.debtors.models import Debtor, DebtorStanding, DebtorSummary, EmailAddress, Phone
from cobranca.debtors.search import as_signed, bits_of
from cobranca.telecobranca.search import exact_query, parse, prefix_query, typed
from cobranca.telecobranca.selectors_search import search_debtors
from tests import factories

pytestmark = pytest.mark.usefixtures("in_scope")
Make = Callable[..., Debtor]


@pytest.fixture
def make_owing(agency: Agency, creditor: Creditor) -> Make:
    """Return a maker of debtors who owe and can be found."""

    def make(name: str, *, number: str = "", total: str = "100.00", **fields: Any) -> Debtor:
        phone, email = fields.pop("phone", ""), fields.pop("email", "")
        unit, late = fields.pop("unit", ""), fields.pop("late", 10)
        debtor = factories.make_debtor(agency, name=name, **fields)
        contract = factories.make_contract(
            creditor, debtor, number=number or f"X{debtor.pk}", unit=unit
        )
        due = clock.today() - timedelta(days=late)
        factories.make_installment(contract, principal=Decimal(total), due_date=due)
        if phone:
            Phone.objects.create(agency=agency, debtor=debtor, number=phone)
        if email:
            EmailAddress.objects.create(agency=agency, debtor=debtor, email=email)
        refresh_summaries([debtor.pk])
        return debtor

    return make


def found(text: str) -> list[str]:
    return [row.debtor.name for row in search_debtors(text).rows]


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("conceicao", id="without accents"),
        pytest.param("CONCEIÇÃO ara", id="upper case, beginning of the last name"),
        pytest.param("araujo da conceicao", id="any order, links left out"),
        pytest.param("111.444.777-35", id="document with punctuation"),
        pytest.param("11144477735", id="document in digits"),
        pytest.param("111444", id="beginning of the document"),
        pytest.param("3712", id="contract"),
        pytest.param("(48) 99911-2233", id="phone with DDD"),
        pytest.param("+55 48 99911 2233", id="phone with country"),
        pytest.param("99911-2233", id="phone without DDD"),
        pytest.param("48 9911-2233", id="phone before the ninth digit"),
        pytest.param("conceicao@exemplo", id="beginning of the e-mail"),
        pytest.param("apto 1204", id="unit"),
        pytest.param("conceição 1204", id="name and unit"),
    ],
)
def test_a_debtor_is_found_by(typed: str, make_owing: Make) -> None:
    make_owing("Márcia Dâmaso")
    make_owing(
        "Conceição d'Ávila de Araújo",
        number="3712",
        document="11144477735",
        phone="48999112233",
        email="conceicao@exemplo.com.br",
        unit="Torre B apto 1204",
    )

    assert found(typed) == ["Conceição d'Ávila de Araújo"]


def test_everything_typed_must_be_there(make_owing: Make) -> None:
    make_owing("Ana Brandão")

    assert found("ana souza") == []
    assert found("d'avila") == []


def test_an_alphanumeric_cnpj_is_found_with_punctuation(make_owing: Make) -> None:
    make_owing("Empresa Nova Ltda", document="12ABC34501DE35", kind="legal")

    assert found("12.ABC.345/01DE-35") == ["Empresa Nova Ltda"]


def test_exact_finds_come_first_then_the_largest_debts(make_owing: Make) -> None:
    make_owing("Dona do contrato", number="295", total="10.00")
    make_owing("Outra", number="2950", total="900.00")
    make_owing("Maior", number="2951", total="5000.00")

    assert found("295") == ["Dona do contrato", "Maior", "Outra"]


def test_pages_neither_repeat_nor_skip(make_owing: Make) -> None:
    names = {f"Silva {number:02}" for number in range(9)}
    for name in names:
        make_owing(name, total="100.00" if name < "Silva 05" else "200.00")
    seen: list[str] = []
    after = ""
    for _ in range(5):
        page = search_debtors("silva", after, size=2)
        seen += [row.debtor.name for row in page.rows]
        after = page.after

    assert sorted(seen) == sorted(names)
    assert after == ""
    assert seen[0] >= "Silva 05"


def test_without_words_the_oldest_debt_comes_first(make_owing: Make, agency: Agency) -> None:
    make_owing("Nova", late=3)
    make_owing("Antiga", late=300)
    refresh_summaries([factories.make_debtor(agency, name="Nada deve").pk])

    first = search_debtors("", size=1)
    second = search_debtors("", first.after, size=1)

    assert [row.debtor.name for row in (*first.rows, *second.rows)] == ["Antiga", "Nova"]
    assert second.after == ""


def test_one_query_finds_a_page(make_owing: Make) -> None:
    for number in range(4):
        make_owing(f"Silva {number}")

    for text in ("silva", ""):
        with CaptureQueriesContext(connection) as queries:
            rows = search_debtors(text).rows
            _ = [(row.debtor.name, row.debtor.document, row.contract_numbers) for row in rows]

        assert len(queries) == 1


def test_another_agencys_debtors_are_never_found(make_owing: Make, other_agency: Agency) -> None:
    stranger = factories.make_debtor(other_agency, name="Silva Alheia")
    DebtorSummary._base_manager.filter(debtor=stranger).delete()
    refresh_summaries([stranger.pk])
    make_owing("Silva Nossa")

    assert found("silva") == ["Silva Nossa"]


@pytest.mark.parametrize(
    "after", ["x_y", "1_NaN_5", "1_-Infinity_5", "1_1e999999_5", "1_1e-999999_5", "1_1_1_1"]
)
def test_nonsense_after_starts_at_the_first_page(make_owing: Make, after: str) -> None:
    make_owing("Silva")

    assert len(search_debtors("silva", after).rows) == 1
    assert len(search_debtors("", "ontem_1").rows) == 1


@given(text=st.text(max_size=60))
def test_anything_typed_is_a_query_the_database_takes(text: str) -> None:
    search_debtors(text)


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("maria de souza", [[("maria",)], [("souza",)]]),
        ("de", [[("de",)]]),
        ("295 3712", [[("295",)], [("3712",)]]),
        ("CT.12/4", [[("ct.12/4",), ("ct", "12", "4")]]),
        ("  ", []),
    ],
)
def test_what_is_typed_is_read_as(typed: str, terms: list[Any]) -> None:
    assert parse(typed) == terms


def test_a_name_cannot_break_out_of_the_query() -> None:
    query = prefix_query("d'x')|('y\\z")

    assert query is not None
    text = str(query.source_expressions[0].value)
    assert text.startswith("(('d''x'')|(''y\\\\z':*)")


# --- whom many have, whom few have ----------------------------------------------------------------

# Debtors who owe more than anybody else, as many as the search looks through first, and more.
CROWD = """
WITH made AS (
    INSERT INTO debtors_debtor (agency_id, name, document, kind, social_name, details)
    SELECT %(agency)s, 'MULTIDAO ' || n, '', 'natural', '', '{}' FROM generate_series(1, 260) n
    RETURNING id, name
)
INSERT INTO debtors_debtorsummary
    (agency_id, debtor_id, open_total, open_count, contract_count, search)
SELECT %(agency)s, id, 5000 + id, 1, 1, array_to_tsvector(string_to_array(lower(name), ' '))
FROM made
"""


@pytest.fixture
def crowd(agency: Agency) -> None:
    """Put 260 who owe most in front of everybody."""
    with connection.cursor() as cursor:
        cursor.execute(CROWD, {"agency": agency.pk})


def everything(text: str, size: int) -> list[Any]:
    """Return all that is found, page by page."""
    keys: list[int] = []
    after = ""
    while True:
        page = search_debtors(text, after, size)
        keys += [row.pk for row in page.rows]
        if not (after := page.after):
            return keys


@pytest.mark.usefixtures("crowd")
def test_whom_few_have_is_found_behind_any_number_of_larger_debts(make_owing: Make) -> None:
    rare = make_owing("Zulmira Rara", total="1.00")

    assert [row.pk for row in search_debtors("zulmira").rows] == [rare.pk]


@pytest.mark.usefixtures("crowd")
@pytest.mark.parametrize("text", ["multidao", "multi", "multidao 1", "multidao 12", "mul 7"])
@pytest.mark.parametrize("size", [8, 100])
def test_however_many_have_it_the_order_is_the_one_of_the_plain_query(
    text: str, size: int, make_owing: Make
) -> None:
    make_owing("Multidao", total="1.00")
    make_owing("Multidao Multidaona 12", total="9000.00")
    asked = DebtorSummary.objects.filter(search=prefix_query(text))
    exact = ExpressionWrapper(Q(search=exact_query(text)), output_field=BooleanField())
    plain = asked.annotate(exact=exact).order_by("-exact", "-open_total", "debtor_id")

    assert everything(text, size) == list(plain.values_list("pk", flat=True))


@pytest.mark.usefixtures("crowd")
def test_a_debt_that_grows_or_is_paid_moves_the_debtor(agency: Agency) -> None:
    first, second, *_ = search_debtors("multidao").rows

    DebtorSummary.objects.filter(pk=second.pk).update(open_total=first.open_total + 1)
    DebtorSummary.objects.filter(pk=first.pk).update(open_total=0)

    keys = everything("multidao", 25)
    assert (keys[0], keys[-1]) == (second.pk, first.pk)


def test_standings_follow_summaries(make_owing: Make) -> None:
    debtor = make_owing("Standing Silva", total="10.00")

    def standing() -> tuple[Any, Any]:
        made = DebtorStanding.objects.get(pk=debtor.pk)
        return made.open_total, made.words

    before = standing()
    DebtorSummary.objects.filter(pk=debtor.pk).update(open_total=7)
    assert standing() == (7, before[1])
    debtor.name = "Outro Nome"
    debtor.save()
    refresh_summaries([debtor.pk])
    assert standing()[1] != before[1]
    DebtorSummary.objects.filter(pk=debtor.pk).delete()
    assert not DebtorStanding.objects.filter(pk=debtor.pk).exists()


@given(words=st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), max_size=4))
def test_the_database_and_the_search_make_the_same_bits_of_words(words: list[str]) -> None:
    words = [word for word in words if "\x00" not in word]
    with connection.cursor() as cursor:
        cursor.execute("SELECT debtors_word_bits(array_to_tsvector(%s::text[]))", [words])
        (stored,) = cursor.fetchone()

    assert as_signed(bits_of(words)) == stored


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("silva", ["silva"], id="a word"),
        pytest.param("silva araujo", ["silva", "araujo"], id="two words, both"),
        pytest.param("ct.124", [], id="read in two ways that share nothing"),
        pytest.param("111.444.777-35", ["111"], id="a number: how its readings all begin"),
        pytest.param("48 99911-2233", [], id="a phone, read with and without its DDD"),
        pytest.param("ab", [], id="too short"),
    ],
)
def test_what_is_typed_asks_for_the_bits_that_every_reading_has(
    text: str, words: list[str]
) -> None:
    found = typed(text)

    assert found is not None
    assert found.bits == as_signed(bits_of(words))
