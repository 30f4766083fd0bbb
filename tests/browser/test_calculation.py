"""The calculation screen in a browser: the playbook's figures, changes at once, the keyboard."""

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from django_scopes import scope
from playwright.sync_api import Locator, Route, expect

from cobranca.accounts.models import Agency, User
from cobranca.accounts.roles import COLLECTOR
from cobranca.agreements.models import Agreement
from cobranca.campaigns.models import Campaign, IndexSeries
from cobranca.common import clock
from cobranca.contracts.models import Contract, Installment
from cobranca.contracts.summary import refresh_summaries
from cobranca.creditors.models import Creditor
from cobranca.debtors.models import Debtor
from tests import factories, playbook
from tests.browser.chromium import Watched

DAY_A, DAY_B = "19/11/2021", "22/11/2021"


@pytest.fixture
def agency(desk: Watched) -> Agency:
    return factories.make_agency()


@pytest.fixture
def collector(agency: Agency) -> User:
    return factories.make_user(agency, COLLECTOR)


@pytest.fixture
def creditor(agency: Agency) -> Creditor:
    return factories.make_creditor(agency)


@pytest.fixture
def debtor(agency: Agency) -> Debtor:
    return factories.make_debtor(agency, name="Conceição Aparecida Gonçalves de Araújo")


@pytest.fixture
def gateway() -> Iterator[playbook.PlaybookGateway]:
    with playbook.erp_of(playbook.PlaybookGateway(playbook.playbook_rows())) as installed:
        yield installed


@pytest.fixture
def simple(creditor: Creditor, debtor: Debtor) -> Contract:
    """Three late installments of 1.000,00 and one to come; discounts on principal up to 20 %."""
    today = clock.today()
    with scope(agency=creditor.agency):
        playbook.campaign_of(creditor, fee="0", max_discount_principal=Decimal(20))
        contract = factories.make_contract(
            creditor, debtor, number="3712", issued_on=today - timedelta(days=300)
        )
        for number, days in enumerate((70, 40, 10, -50), 1):
            due = today - timedelta(days=days)
            factories.make_installment(contract, number, label=str(number), due_date=due)
        refresh_summaries([debtor.pk])
    return contract


def open_screen(desk: Watched, who: User, debtor: Debtor, query: str = "") -> None:
    desk.enter(who)
    desk.open(f"/telecobranca/devedores/{debtor.pk}/calculo/{query}")
    # A page that was loaded again would have lost this.
    desk.page.evaluate("window.sameAsBefore = true")


def sums(desk: Watched) -> Locator:
    return desk.page.locator("#calc-sums")


def total(desk: Watched) -> Locator:
    return desk.page.locator(".calc-total dd")


def row(desk: Watched, label: str) -> Locator:
    return desk.page.locator("[data-row]").filter(
        has=desk.page.locator(f"[data-open]:text-is('{label}')")
    )


def cells(desk: Watched, label: str) -> str:
    return " ".join(row(desk, label).inner_text().split())


def test_table_a_with_the_erps_charges(desk: Watched, collector, creditor, debtor, gateway) -> None:
    with scope(agency=creditor.agency):
        playbook.campaign_of(creditor)
    playbook.table_a(creditor, debtor)

    open_screen(desk, collector, debtor, "?on=2021-11-19")

    expect(desk.page.locator("#calc-erp")).to_contain_text("Saldo do ERP")
    expect(desk.page.locator("#calc-count")).to_have_text("(6 de 151)")
    expect(sums(desk)).to_have_text(re.compile(r"15\.000,00.*560,78.*1\.556,07.*17\.116,85"))
    for label, told in (
        ("1", "295 1 30/06/2021 1.000,00 142 95,58 109,55 1.205,13"),
        ("2", "295 2 30/07/2021 1.000,00 112 79,42 107,94 1.187,36"),
        ("3", "295 3 30/08/2021 1.000,00 81 62,81 106,28 1.169,09"),
        ("4", "295 4 30/09/2021 1.000,00 50 46,34 104,63 1.150,97"),
        ("5", "295 5 30/10/2021 1.000,00 18 29,45 102,95 1.132,40"),
        ("151", "295 151 10/11/2021 10.000,00 9 247,18 1.024,72 11.271,90"),
        ("150", "295 150 19/11/2021 10.000,00 0 0,00 0,00 0,00"),
    ):
        assert cells(desk, label) == told
    expect(total(desk)).to_have_text("R$ 17.116,85")
    row(desk, "1").locator("[data-figure=charges]").click()
    expect(desk.page.get_by_role("dialog")).to_contain_text("Multa (0,00) + Juros (95,58)")


def test_table_b_follows_the_date_at_once(
    desk: Watched, collector, creditor, debtor, gateway
) -> None:
    with scope(agency=creditor.agency):
        playbook.campaign_of(creditor, fee="0")
    playbook.table_b(creditor, debtor)
    open_screen(desk, collector, debtor)

    desk.page.fill("#id_on", DAY_B)

    expect(desk.page.locator("#calc-erp")).to_contain_text("Saldo do ERP")
    expect(row(desk, "44").locator("[data-figure=delay]")).to_have_text("0")
    desk.page.click("text=Em atraso")
    expect(sums(desk)).to_have_text(re.compile(r"3\.683,20.*145,35.*0,00.*3\.828,55"))
    for label, told in (
        ("40", "3712 40 10/08/2021 920,80 104 50,97 0,00 971,77"),
        ("41", "3712 41 10/09/2021 920,80 73 41,27 0,00 962,07"),
        ("42", "3712 42 10/10/2021 920,80 42 30,94 0,00 951,74"),
        ("43", "3712 43 10/11/2021 920,80 12 22,17 0,00 942,97"),
        ("44", "3712 44 10/12/2021 920,80 0 0,00 0,00 0,00"),
    ):
        assert cells(desk, label) == told
    assert desk.page.evaluate("window.sameAsBefore === true")


def test_the_present_value(desk: Watched, collector, creditor, debtor, gateway) -> None:
    with scope(agency=creditor.agency):
        playbook.campaign_of(creditor)
    playbook.present_value(creditor, debtor)
    open_screen(desk, collector, debtor, "?on=2021-11-19")
    expect(desk.page.locator("#error-selection")).to_contain_text("Selecione ao menos uma")

    desk.page.click("text=Todas")

    totals = desk.page.locator("#calc-totals")
    expect(desk.page.locator("#calc-count")).to_have_text("(71 de 71)")
    expect(totals).to_contain_text("R$ 77.162,80")
    expect(totals).to_contain_text("R$ 21.205,72")
    expect(total(desk)).to_have_text("R$ 55.957,08")


def test_the_split_of_the_playbook(desk: Watched, collector, creditor, debtor) -> None:
    with scope(agency=creditor.agency):
        playbook.campaign_of(creditor, fee="0")
        contract = factories.make_contract(creditor, debtor)
        factories.make_installment(contract, due_date=clock.today(), principal=Decimal("3692.78"))
    open_screen(desk, collector, debtor)
    desk.page.click("text=Todas")
    desk.page.get_by_label("Parcelado").check()

    desk.page.fill("#id_parts", "6")

    schedule = desk.page.locator("#calc-schedule")
    expect(schedule).to_contain_text("R$ 615,48 + 5x R$ 615,46")
    expect(schedule.locator("tbody tr")).to_have_count(6)
    expect(schedule.locator("tfoot")).to_contain_text("3.692,78")
    expect(desk.page.locator("#calc-rate")).to_have_text("sem juros")
    expect(desk.page.locator("#calc-totals")).to_contain_text("R$ 615,48 + 5x R$ 615,46")


def test_totals_follow_selection_discount_and_final_value(
    desk: Watched, collector, simple, debtor
) -> None:
    open_screen(desk, collector, debtor)
    before = total(desk).inner_text()
    row(desk, "1").locator("[data-select]").uncheck()
    expect(total(desk)).not_to_have_text(before)
    expect(row(desk, "1")).to_contain_text("0,00")

    desk.page.fill("#id_discount_principal", "10")
    expect(desk.page.locator("#most-principal")).to_contain_text("= R$ 200,00")
    desk.page.fill("#id_expenses", "35,90")
    expect(desk.page.locator("#calc-totals")).to_contain_text("R$ 35,90")

    desk.page.fill("#id_final_value", "1.900,00")
    expect(total(desk)).to_have_text("R$ 1.900,00")
    expect(desk.page.locator("#id_discount_principal")).to_have_value("")
    desk.page.fill("#id_discount_charges", "100")
    expect(desk.page.locator("#id_final_value")).to_have_value("")
    assert desk.page.evaluate("window.sameAsBefore === true")


def test_the_caret_and_the_focus_stay_where_they_are(
    desk: Watched, collector, simple, debtor
) -> None:
    open_screen(desk, collector, debtor)
    field = desk.page.locator("#id_expenses")
    field.click()
    desk.page.keyboard.type("135", delay=60)
    expect(desk.page.locator("#calc-totals")).to_contain_text("R$ 135,00")
    desk.page.keyboard.press("ArrowLeft")
    desk.page.keyboard.type("9", delay=60)
    expect(desk.page.locator("#calc-totals")).to_contain_text("R$ 1.395,00")

    expect(field).to_be_focused()
    assert field.evaluate("field => field.selectionStart") == 3


def test_an_answer_that_comes_late_does_not_win(desk: Watched, collector, simple, debtor) -> None:
    open_screen(desk, collector, debtor)
    held: list[Route] = []

    def hold(route: Route) -> None:
        if held:
            route.continue_()
        held.append(route)

    desk.page.route("**/calculo/quadro/", hold)
    desk.page.fill("#id_expenses", "11")
    desk.page.wait_for_timeout(300)
    desk.page.fill("#id_expenses", "22")
    desk.page.wait_for_timeout(300)
    held[0].continue_()

    expect(desk.page.locator("#calc-totals")).to_contain_text("R$ 22,00")
    desk.settle()
    expect(desk.page.locator("#calc-totals")).to_contain_text("R$ 22,00")
    assert len(held) == 2


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("discount_principal", "20,5", "O desconto em principal vai até R$ 600,00"),
        ("final_value", "1,00", "O valor final não pode ser menor que"),
        ("expenses", "abc", "Digite um número"),
        ("on", "{before}", "é anterior ao contrato"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_changes(
    desk: Watched, collector, simple, debtor, field, typed, message
) -> None:
    before_contract = clock.today() - timedelta(days=301)
    open_screen(desk, collector, debtor)
    before = desk.page.locator(".calc").inner_text()

    desk.page.fill(f"#id_{field}", typed.format(before=f"{before_contract:%d/%m/%Y}"))

    error = desk.page.locator(f"#error-{field}")
    expect(error).to_contain_text(message)
    expect(desk.page.locator(f"#id_{field}")).to_have_attribute("aria-invalid", "true")
    expect(desk.page.locator(".calc-old")).to_be_visible()
    for line in before.splitlines():
        assert line in desk.page.locator(".calc").inner_text()


def test_parcels_that_cannot_be_are_said_at_their_field(
    desk: Watched, collector, simple, debtor
) -> None:
    with scope(agency=simple.agency):
        Campaign.objects.get().instalment_brackets.update(min_down_payment_percent=Decimal(30))
    open_screen(desk, collector, debtor)
    desk.page.get_by_label("Parcelado").check()
    expect(desk.page.locator("#error-down_payment")).to_contain_text("30")

    desk.page.fill("#id_down_payment", "10,00")
    expect(desk.page.locator("#error-down_payment")).to_contain_text("30")
    desk.page.fill("#id_down_payment", "2.000,00")
    expect(desk.page.locator("#error-down_payment")).to_be_hidden()
    for parts in ("0", "181"):
        desk.page.fill("#id_parts", parts)
        expect(desk.page.locator("#error-parts")).to_contain_text("em 2 a 180 vezes")
    desk.page.fill("#id_parts", "3")
    expect(desk.page.locator("#error-parts")).to_be_hidden()
    expect(desk.page.locator("#calc-schedule tbody tr")).to_have_count(4)


def test_an_empty_selection_a_missing_index_and_an_old_campaign(
    desk: Watched, collector, simple, debtor
) -> None:
    open_screen(desk, collector, debtor)
    before = total(desk).inner_text()
    desk.page.click("text=Nenhuma")
    expect(desk.page.locator("#error-selection")).to_contain_text("Selecione ao menos uma parcela")
    expect(total(desk)).to_have_text(before)

    with scope(agency=simple.agency):
        series = IndexSeries.objects.create(agency=simple.agency, name="IGP-M")
        Campaign.objects.update(index=series)
    desk.page.click("text=Todas")
    expect(desk.page.locator("#error-general")).to_contain_text("Falta o índice IGP-M de")
    expect(desk.page.locator("#error-selection")).to_be_hidden()
    with scope(agency=simple.agency):
        Campaign.objects.update(index=None, valid_to=clock.today() - timedelta(days=1))
    desk.page.fill("#id_expenses", "1")
    expect(desk.page.locator("#error-general")).to_contain_text("Nenhuma campanha de cálculo")
    expect(total(desk)).to_have_text(before)


def test_a_range_is_selected_with_shift(desk: Watched, collector, simple, debtor) -> None:
    open_screen(desk, collector, debtor)
    desk.page.click("text=Nenhuma")

    for key in ("j", " ", "j", "j", "Shift+ "):
        desk.page.keyboard.press(key)

    expect(desk.page.locator("#calc-count")).to_have_text("(3 de 4)")
    desk.page.click("text=Nenhuma")
    row(desk, "2").locator("[data-select]").click()
    row(desk, "4").locator("[data-select]").click(modifiers=["Shift"])
    expect(desk.page.locator("#calc-count")).to_have_text("(3 de 4)")


def test_one_contract_of_several(desk: Watched, collector, creditor, simple, debtor) -> None:
    with scope(agency=creditor.agency):
        other = factories.make_contract(creditor, debtor, number="295")
        due = clock.today() - timedelta(days=5)
        factories.make_installment(other, 1, label="77", due_date=due)
    open_screen(desk, collector, debtor)
    expect(desk.page.locator("#calc-count")).to_have_text("(4 de 5)")

    desk.page.select_option("#id_contract", label="295")

    expect(desk.page.locator("#calc-count")).to_have_text("(1 de 1)")
    expect(row(desk, "1")).to_be_hidden()
    expect(row(desk, "77")).to_be_visible()
    desk.page.select_option("#id_contract", label="TODOS")
    expect(row(desk, "1")).to_be_visible()
    expect(desk.page.locator("#calc-count")).to_have_text("(1 de 5)")


def test_the_address_keeps_what_is_asked(desk: Watched, collector, simple, debtor) -> None:
    open_screen(desk, collector, debtor)
    desk.page.fill("#id_expenses", "35,90")
    expect(desk.page).to_have_url(re.compile("expenses=35%2C90"))
    before = total(desk).inner_text()

    desk.page.reload()

    expect(total(desk)).to_have_text(before)
    desk.page.click("text=Memória de cálculo")
    expect(desk.page.locator("h1")).to_have_text("Memória de cálculo")
    expect(desk.page.locator(".statement")).to_contain_text("R$ 35,90")


def test_from_the_debtor_to_an_agreement_by_keyboard_alone(
    desk: Watched, collector, simple, debtor
) -> None:
    desk.enter(collector)
    desk.open(f"/telecobranca/devedores/{debtor.pk}/")
    keyboard = desk.page.keyboard
    for key in ("j", " ", "j", " ", "c"):
        keyboard.press(key)
    expect(desk.page.locator("#calc-count")).to_have_text("(2 de 4)")
    # The figures are there before the scripts that listen to keys.
    desk.page.wait_for_load_state("networkidle")

    for key in ("j", "j", "j", " "):
        keyboard.press(key)
    expect(desk.page.locator("#calc-count")).to_have_text("(3 de 4)")
    for key in ("a", "d"):
        keyboard.press(key)
    expect(desk.page.locator("#id_discount_charges")).to_be_focused()
    keyboard.type("50")
    keyboard.press("Tab")
    keyboard.press("Tab")
    expect(desk.page.locator("#id_discount_principal")).to_be_focused()
    keyboard.type("5")
    keyboard.press("Enter")
    expect(desk.page.locator("#most-principal")).to_contain_text("= R$ 150,00")
    promised = total(desk).inner_text()
    expect(desk.page.locator(".htmx-request")).to_have_count(0)
    keyboard.press("Escape")  # from the field to the table
    keyboard.press("s")
    expect(desk.page.locator(".calc-panel [data-save]").first).to_be_focused()
    keyboard.press("Enter")

    expect(desk.page.locator("#count-acordos")).to_have_text("1")  # still on the debtor's page
    agreement = Agreement._base_manager.get(debtor=debtor)
    desk.open(f"/telecobranca/acordos/{agreement.pk}/")
    expect(desk.page.locator("h1")).to_have_text(re.compile(r"Acordo \d+ Vigente"))
    expect(desk.page.locator(".strip-total")).to_contain_text(promised)
    statuses = Installment._base_manager.filter(contract=simple).order_by("number")
    assert [each.status for each in statuses] == ["negotiated"] * 3 + ["open"]


def test_the_shortcuts_are_listed_and_escape_cancels(
    desk: Watched, collector, simple, debtor
) -> None:
    open_screen(desk, collector, debtor)
    desk.page.keyboard.press("?")
    expect(desk.page.get_by_role("dialog")).to_contain_text("Selecionar até a parcela")
    desk.page.keyboard.press("Escape")
    expect(desk.page.get_by_role("dialog")).to_have_count(0)

    desk.page.keyboard.press("Escape")

    expect(desk.page).to_have_url(re.compile(rf"/devedores/{debtor.pk}/$"))


def test_a_payment_is_recorded_after_reading_what_it_does(
    desk: Watched, collector, simple, debtor
) -> None:
    open_screen(desk, collector, debtor)
    desk.page.click(".split summary")
    desk.page.click("text=Baixar pagamento")
    expect(desk.page.get_by_role("dialog")).to_contain_text("3 parcelas originais ficam quitadas.")

    desk.page.click("text=Salvar e baixar")

    expect(desk.page.locator("h1")).to_have_text(re.compile(r"Acordo \d+ Quitado"))
    expect(desk.page.locator(".notice.ok")).to_contain_text("salvo e quitado")


def test_an_agreement_is_broken_after_reading_what_it_does(
    desk: Watched, collector, simple, debtor
) -> None:
    open_screen(desk, collector, debtor)
    desk.page.click("text=Salvar acordo")
    expect(desk.page.locator("h1")).to_have_text(re.compile(r"Acordo \d+ Vigente"))

    desk.page.click(".agreement-moves >> text=Quebrar")
    expect(desk.page.get_by_role("dialog")).to_contain_text("3 parcelas originais, R$ 3.000,00,")
    desk.page.fill("#id_reason", "Não pagou")
    desk.page.click("dialog >> text=Quebrar >> nth=-1")

    expect(desk.page.locator("h1")).to_have_text(re.compile(r"Acordo \d+ Quebrado"))
    expect(desk.page.locator(".agreement-news")).to_contain_text("Não pagou")
