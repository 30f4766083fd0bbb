"""The debtor page and the ERP: it opens at once, tells how old it is, refreshes itself."""

import os
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django_scopes import scope
from playwright.sync_api import expect

from cobranca.accounts.roles import COLLECTOR
from cobranca.common import clock
from cobranca.contracts import erp
from cobranca.contracts.erp import ErpRefusalError, ErpUnreachableError, SyncReport
from cobranca.contracts.models import Contract, Event, Installment
from cobranca.contracts.summary import refresh_summaries
from cobranca.contracts.syncing import carry_out
from tests import factories
from tests.browser import back_office, data
from tests.browser.chromium import Watched
from tests.cobranca.contracts.asking import Oracle, line_of

SHOTS = os.environ.get("ERP_SHOTS")


class Recalling(Oracle):
    """An ERP in which installment 36 was paid meanwhile, and the timeline got its event."""

    def sync(self, contracts, *, now):
        contract = contracts[0]
        rows = Installment.objects.filter(contract=contract, number=36)
        rows.update(status="recalled", balance=0)
        text = f"Contrato: {contract} Parcela(s): 36\nParcela(s) sincronizada(s) via webservice"
        Event.objects.create(
            agency_id=contract.agency_id, debtor=contract.debtor, kind="recall", text=text
        )
        refresh_summaries([contract.debtor_id])
        return SyncReport(recalled=1)


@pytest.fixture
def oracle() -> Iterator[Oracle]:
    before = list(erp._resolvers)
    oracle = Oracle()
    erp.install(lambda creditor: oracle)
    yield oracle
    erp._resolvers[:] = before


@pytest.fixture
def contract(desk: Watched, oracle: Oracle) -> Contract:
    """A debtor of this test's own; the collector is signed in and the page not yet open."""
    agency = factories.make_agency()
    collector = factories.make_user(agency, COLLECTOR)
    creditor = factories.make_creditor(agency, creditor_type="SIENGE", external_code="1")
    made = data.full_debtor(creditor, collector)
    back_office.build_load(creditor)
    desk.enter(collector)
    with scope(agency=agency):
        Contract.objects.filter(pk=made.contract.pk).update(external_debtor="3431")
        due = made.contract.installments.get(number=41).due_date
    oracle.line = line_of(due)
    return made.contract


def visit(desk: Watched, contract: Contract) -> None:
    desk.open(f"/telecobranca/devedores/{contract.debtor_id}/")
    desk.page.evaluate("window.sameAsBefore = true")


def worker_comes(contract: Contract) -> None:
    with scope(agency=contract.agency):
        carry_out(contract.debtor_id, clock=clock.now)


def shoot(desk: Watched, name: str) -> None:
    """Keep pictures at both sizes and in both themes, when somebody wants to look."""
    if not SHOTS:
        return
    for width, height in ((1366, 768), (390, 844)):
        for theme in ("light", "dark"):
            desk.page.set_viewport_size({"width": width, "height": height})
            desk.page.emulate_media(color_scheme=theme)
            desk.page.wait_for_timeout(200)
            desk.page.screenshot(path=Path(SHOTS) / f"{name}-{width}-{theme}.png")
    desk.page.emulate_media(color_scheme="light")
    desk.page.set_viewport_size({"width": 1366, "height": 768})


def age(desk: Watched):
    return desk.page.locator("#erp-age")


def second_copy_button(desk: Watched):
    return desk.page.locator("tr:has(button.open:text-is('41/180')) .act:has(title:text('2ª via'))")


def test_it_opens_on_what_is_here_and_says_that_it_is_being_checked(
    desk: Watched, contract: Contract, oracle: Oracle
) -> None:
    visit(desk, contract)

    expect(desk.page.locator("#strip-total")).to_have_text("R$ 183.531,88")
    expect(age(desk)).to_contain_text("Conferindo no Sienge…")
    assert oracle.asked == []  # nobody in the web process did
    expect(desk.page.locator(".block-age")).to_have_text(re.compile("Cadastro:.*há 5 h", re.DOTALL))
    expect(desk.page.locator(".contract-age").first).to_have_text("há 5 h")
    shoot(desk, "conferindo")

    worker_comes(contract)

    expect(age(desk)).to_contain_text("Conferido no Sienge agora há pouco")
    shoot(desk, "conferido")


def test_what_changed_comes_by_itself_and_takes_nothing_away(
    desk: Watched, contract: Contract, oracle: Oracle
) -> None:
    erp.install(lambda creditor: Recalling())
    visit(desk, contract)
    page = desk.page
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press(" ")
    page.keyboard.press("Enter")
    expect(page.locator(".history")).to_have_count(1)
    page.keyboard.press("e")
    page.keyboard.type("Prometeu pagar na")
    page.evaluate("window.scrollTo(0, 120)")
    top = page.evaluate("window.scrollY")

    worker_comes(contract)

    expect(age(desk)).to_contain_text("Conferido no Sienge")
    expect(page.locator("button.open:text-is('36/180')")).to_have_count(0)
    expect(page.locator("#strip-total")).not_to_have_text("R$ 183.531,88")
    expect(page.locator(".event").first).to_contain_text("sincronizada(s) via webservice")
    page.keyboard.type(" sexta")
    expect(page.locator("#id_text")).to_have_value("Prometeu pagar na sexta")
    selected = page.locator("tr.selected")
    expect(selected).to_have_count(1)
    expect(selected).to_contain_text("37/180")
    expect(selected).to_have_class(re.compile("current"))
    expect(page.locator(".history")).to_have_count(1)
    expect(page.locator("#selection")).to_contain_text("1 parcela selecionada")
    assert page.evaluate("window.scrollY") == top
    assert page.evaluate("window.sameAsBefore === true")


def test_parts_that_were_opened_are_opened_again(
    desk: Watched, contract: Contract, oracle: Oracle
) -> None:
    erp.install(lambda creditor: Recalling())
    visit(desk, contract)
    rows = desk.page.locator(".contract").first.locator("[data-row]")
    desk.page.click("text=139 parcelas a vencer")
    expect(rows).to_have_count(67)
    last = rows.last.locator("[data-select]")
    last.check()

    worker_comes(contract)

    expect(age(desk)).to_contain_text("Conferido no Sienge")
    expect(rows).to_have_count(66)  # one was recalled
    expect(rows.last.locator("[data-select]")).to_be_checked()


def test_an_erp_that_is_down_is_said_since_when(
    desk: Watched, contract: Contract, oracle: Oracle
) -> None:
    oracle.problem = ErpUnreachableError("O Sienge não respondeu.")
    visit(desk, contract)
    worker_comes(contract)

    expect(age(desk)).to_contain_text(
        re.compile(r"Sem resposta do Sienge desde \d\d:\d\d: dados de ")
    )
    expect(age(desk).locator(".fresh")).to_have_attribute("title", "O Sienge não respondeu.")
    shoot(desk, "sem-resposta")

    oracle.problem = None
    age(desk).locator("button").click()
    expect(age(desk)).to_contain_text("Conferindo no Sienge…")
    worker_comes(contract)
    expect(age(desk)).to_contain_text("Conferido no Sienge agora há pouco")


def test_a_second_copy_is_issued_copied_and_mailed(
    desk: Watched, contract: Contract, oracle: Oracle
) -> None:
    visit(desk, contract)
    second_copy_button(desk).click()

    dialog = desk.page.locator("#ask")
    expect(dialog.locator("#slip-line")).to_have_text(oracle.line)
    expect(dialog).to_contain_text("R$ 920,80")
    expect(dialog.locator("#slip-sms")).to_have_value(re.compile("Linha digitavel: 341"))
    dialog.get_by_text("Copiar linha").click()
    digits = re.sub(r"\D", "", oracle.line)
    assert desk.page.evaluate("navigator.clipboard.readText()") == digits
    expect(dialog.locator(".slip-line button")).to_have_text("Copiado")
    shoot(desk, "segunda-via")

    dialog.get_by_text("Enviar por e-mail").click()

    expect(dialog).to_contain_text("O ERP enviou o boleto para conceicao.araujo@exemplo.com.br.")
    expect(desk.page.locator(".event").first).to_contain_text("2ª via do boleto enviada")
    assert [mail.to for _, mail in oracle.mails] == ["conceicao.araujo@exemplo.com.br"]


def test_a_paper_opens_through_our_own_address(
    desk: Watched, contract: Contract, oracle: Oracle
) -> None:
    visit(desk, contract)
    second_copy_button(desk).click()
    link = desk.page.locator("#ask").get_by_text("Abrir para imprimir")
    expect(link).to_have_attribute("target", "_blank")

    answer = desk.page.request.get(desk.server + str(link.get_attribute("href")))

    assert (answer.status, answer.body()) == (200, oracle.pdf)
    assert answer.headers["content-type"] == "application/pdf"
    assert "no-store" in answer.headers["cache-control"]


def test_what_speaks_against_a_second_copy_is_said_in_the_window(
    desk: Watched, contract: Contract, oracle: Oracle
) -> None:
    oracle.problem = ErpRefusalError(
        "Não foram encontradas parcelas aptas para geração da segunda via."
    )
    visit(desk, contract)
    second_copy_button(desk).click()

    dialog = desk.page.locator("#ask")
    expect(dialog).to_contain_text("Não foram encontradas parcelas aptas")
    shoot(desk, "segunda-via-recusada")

    oracle.problem = None
    oracle.line = line_of(clock.today() + timedelta(days=60))
    dialog.get_by_text("Tentar de novo").click()
    expect(dialog).to_contain_text("com novo vencimento")


def test_a_statement_is_sent_by_the_erp(desk: Watched, contract: Contract, oracle: Oracle) -> None:
    visit(desk, contract)
    desk.page.locator(".contract-head .act").first.click()
    dialog = desk.page.locator("#ask")
    expect(dialog).to_contain_text("Enviar extrato por e-mail")
    shoot(desk, "extrato")

    dialog.get_by_label("Saldo devedor atual").check()
    dialog.locator("button[type=submit]").click()

    expect(dialog).to_contain_text("envia para conceicao.araujo@exemplo.com.br")
    shoot(desk, "extrato-enviado")
    dialog.get_by_text("Fechar").last.click()
    expect(desk.page.locator(".event").first).to_contain_text("Saldo devedor atual enviado")
    assert [what for what, _ in oracle.mails] == ["saldo"]


def test_on_a_phone_the_second_copy_is_reached_from_the_installment(
    desk: Watched, contract: Contract, oracle: Oracle
) -> None:
    desk.page.set_viewport_size({"width": 390, "height": 844})
    visit(desk, contract)
    desk.page.locator("button.open:text-is('41/180')").click()

    desk.page.locator(".history").get_by_text("Emitir 2ª via").click()

    expect(desk.page.locator("#slip-line")).to_have_text(oracle.line)
    assert desk.sideways() == 0
