"""Who sees which board, what leaves the office as a file, and what is noted of it."""

import csv
import io
from decimal import Decimal
from functools import partial

import pytest
from django.urls import reverse
from django_scopes import scope

from cobranca.audit.models import AuditEntry
from cobranca.debtors.models import Debtor
from cobranca.reports import views
from cobranca.reports.boards import KINDS
from cobranca.reports.facts import FACTS, PERSONAL

WHOLE_YEAR = {"de": "2026-01-01", "ate": "2026-12-31"}


def body_of(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.fixture
def boss(client_for, supervisor):
    return client_for(supervisor)


@pytest.mark.parametrize("slug", KINDS)
def test_every_board_and_its_summary_open(boss, book, slug):
    page = boss.get(reverse("reports:board", args=[slug]), WHOLE_YEAR)
    summary = boss.get(reverse("reports:summary", args=[slug]))

    assert page.status_code == summary.status_code == 200
    assert page.context["board"].says.split()[0] in page.content.decode()


@pytest.mark.parametrize("slug", KINDS)
def test_collectors_see_no_board(client_for, collector, slug):
    client = client_for(collector)

    for name in ("reports:board", "reports:summary"):
        assert client.get(reverse(name, args=[slug])).status_code == 403
    assert client.get(reverse("reports:home")).status_code == 403
    file = reverse("reports:board_file", args=[slug, "time", "csv"])
    assert client.get(file).status_code == 403


def test_a_collector_sees_their_own_figures_whoever_the_address_names(client_for, book):
    bianca, celio, _ = book.collectors
    client = client_for(bianca)

    page = client.get(reverse("reports:mine"), {**WHOLE_YEAR, "cobrador": celio.pk})

    own = [contact for contact in book.contacts if contact.actor_id == bianca.pk]
    figure = next(f for f in page.context["board"].figures if f.key == "contacts")
    assert figure.value == len(own) > 0
    assert "Célio" not in page.content.decode()


@pytest.mark.parametrize("slug", sorted(PERSONAL))
def test_a_collectors_lists_and_files_hold_their_own_work_alone(client_for, book, slug):
    bianca, celio, _ = book.collectors
    client = client_for(bianca)

    told = {**WHOLE_YEAR, "cobrador": celio.pk}
    page = client.get(reverse("reports:list", args=[slug]), told)
    file = client.get(reverse("reports:list_file", args=[slug, "csv"]), told)

    assert {row["collector_id"] for row in page.context["page"].rows} <= {bianca.pk}
    assert "Célio" not in body_of(file).decode()


@pytest.mark.parametrize("slug", sorted(set(FACTS) - PERSONAL))
def test_the_offices_own_lists_are_closed_to_collectors(client_for, collector, slug):
    client = client_for(collector)

    assert client.get(reverse("reports:list", args=[slug])).status_code == 403
    assert client.get(reverse("reports:list_file", args=[slug, "xlsx"])).status_code == 403


def test_a_wrong_period_says_so_at_its_field_and_shows_the_usual_one(boss, book):
    page = boss.get(
        reverse("reports:board", args=["recuperacao"]), {"de": "2026-05-02", "ate": "2026-05-01"}
    )

    assert "O fim do período é anterior ao começo." in page.content.decode()
    assert page.context["filters"].start < page.context["filters"].end


@pytest.mark.parametrize("name", ["home", "mine"])
def test_the_pages_are_in_the_menu_of_who_may_open_them(client_for, supervisor, name):
    page = client_for(supervisor).get(reverse("reports:home"))

    assert f'href="{reverse(f"reports:{name}")}"' in page.content.decode()


def test_a_list_goes_on_where_it_ended(boss, book, monkeypatch):
    monkeypatch.setattr(views, "list_page", partial(views.list_page, size=10))
    url = reverse("reports:list", args=["entradas-e-saidas"])
    first = boss.get(url, WHOLE_YEAR)
    after = first.context["page"].after
    more = boss.get(url, {**WHOLE_YEAR, "apos": after}, headers={"HX-Request": "true"})

    shown = [row["key"] for answer in (first, more) for row in answer.context["page"].rows]
    assert len(shown) == len(set(shown)) == 20
    assert "<html" not in more.content.decode()


def test_a_position_that_nobody_wrote_is_the_beginning(boss, book):
    url = reverse("reports:list", args=["promessas"])

    for strange in ("x", "2026-01-01", "2026-13-01.5", "2026-01-01.x", "\x00"):
        assert boss.get(url, {**WHOLE_YEAR, "apos": strange}).status_code == 200


# --- files ----------------------------------------------------------------------------------------


def test_a_csv_holds_the_whole_list_as_excel_in_portuguese_reads_it(boss, book):
    debtor = book.promises[0].debtor
    with scope(agency=book.agency):
        Debtor.objects.filter(pk=debtor.pk).update(name="=HYPERLINK(1)")

    answer = boss.get(reverse("reports:list_file", args=["promessas", "csv"]), WHOLE_YEAR)

    text = body_of(answer).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert answer.streaming
    assert len(rows) == len(book.promises)
    told = sum(Decimal(row["Valor (R$)"].replace(",", ".")) for row in rows)
    assert told == sum(promise.amount for promise in book.promises)
    assert "'=HYPERLINK(1)" in {row["Devedor"] for row in rows}
    assert not [cell for row in rows for cell in row.values() if cell.startswith("=")]


def test_a_workbook_holds_numbers_and_days_and_no_formulas(boss, book):
    openpyxl = pytest.importorskip("openpyxl")
    with scope(agency=book.agency):
        Debtor.objects.update(name="=1+1")

    answer = boss.get(reverse("reports:list_file", args=["promessas", "xlsx"]), WHOLE_YEAR)

    sheet = openpyxl.load_workbook(io.BytesIO(body_of(answer))).active
    head, *rows = list(sheet.iter_rows())
    column = [cell.value for cell in head].index("Valor (R$)")
    amounts = [Decimal(str(row[column].value)) for row in rows]
    assert sum(amounts) == sum(promise.amount for promise in book.promises)
    assert {row[0].value for row in rows} == {"=1+1"}
    assert {row[0].data_type for row in rows} == {"s"}
    day = [cell.value for cell in head].index("Para")
    assert {row[day].value.date() for row in rows} == {p.promised_on for p in book.promises}


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_table_of_a_board_leaves_as_a_file_and_is_noted(boss, book, supervisor, form):
    answer = boss.get(
        reverse("reports:board_file", args=["promessas", "collectors", form]), WHOLE_YEAR
    )

    with scope(agency=book.agency):
        entry = AuditEntry.objects.get(action="report.exported")
    assert b"Bianca" in body_of(answer) or form == "xlsx"
    assert entry.actor_id == supervisor.pk
    assert entry.changes["o quê"][1] == "Promessas: Promessas por cobrador"
    assert entry.changes["formato"][1] == form.upper()
    assert "de=2026-01-01" in entry.changes["filtros"][1]


def test_an_export_of_a_list_is_noted_with_how_much_left(boss, book):
    boss.get(
        reverse("reports:list_file", args=["promessas", "csv"]), {**WHOLE_YEAR, "situacao": "kept"}
    )

    with scope(agency=book.agency):
        entry = AuditEntry.objects.get(action="report.exported")
    kept = [promise for promise in book.promises if promise.status == "kept"]
    assert entry.changes["linhas"][1] == str(len(kept))
    assert "situacao=kept" in entry.changes["filtros"][1]


def test_what_a_sheet_cannot_hold_is_refused_and_not_cut(boss, book, monkeypatch):
    monkeypatch.setattr("cobranca.reports.exporting.MOST_ROWS", 3)

    answer = boss.get(reverse("reports:list_file", args=["promessas", "xlsx"]), WHOLE_YEAR)

    assert answer.status_code == 409
    assert "exporte em CSV" in answer.content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/paineis/outro/",
        "/paineis/aging/bands.pdf",
        "/paineis/aging/outro.csv",
        "/paineis/lista/outra/",
        "/paineis/lista/promessas.pdf",
    ],
)
def test_what_does_not_exist_is_not_found(boss, book, path):
    assert boss.get(path).status_code == 404
