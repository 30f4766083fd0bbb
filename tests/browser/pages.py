"""Every page worth looking at: who opens it, where it is, what is done there first."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

from tests.browser.data import Portfolio

Act = Callable[[Page], None]
IN_PARCELS = "?plan=instalments&parts=6&down_payment=500,00&discount_charges=50&expenses=35,90"


@dataclass(frozen=True)
class Sight:
    """One picture."""

    name: str
    path: str
    user: str = "ines"
    act: Act | None = None


def press(*keys: str) -> Act:
    """Return an act that presses keys."""

    def act(page: Page) -> None:
        for key in keys:
            page.keyboard.press(key)

    return act


def click(*selectors: str) -> Act:
    """Return an act that clicks one thing after another."""

    def act(page: Page) -> None:
        for selector in selectors:
            page.click(selector)
            page.wait_for_load_state("networkidle")

    return act


def command(text: str) -> Act:
    """Return an act that types into the command bar."""

    def act(page: Page) -> None:
        page.keyboard.press("Control+k")
        page.keyboard.type(text)
        page.wait_for_selector("#command-panel [role=option]")

    return act


def calculation_sights(portfolio: Portfolio) -> list[Sight]:
    """Return the pages of calculations and agreements."""
    debtor = f"/telecobranca/devedores/{portfolio.debtor.pk}/"
    agreement = f"/telecobranca/acordos/{portfolio.agreement.pk}/"
    agreed = f"/telecobranca/devedores/{portfolio.agreement.debtor.pk}/"
    waiting = f"/telecobranca/acordos/{portfolio.agreement.pk - 2}/"
    return [
        Sight("calculo", f"{debtor}calculo/", "caio"),
        Sight("calculo-parcelado", f"{debtor}calculo/{IN_PARCELS}", "caio"),
        Sight("calculo-erro", f"{debtor}calculo/?discount_principal=30", "caio"),
        Sight("calculo-salvar", f"{debtor}calculo/", "caio", click(".split summary")),
        Sight(
            "calculo-memoria", f"{debtor}calculo/", "caio", click("tr.selected [data-figure=total]")
        ),
        Sight("memoria", f"{debtor}calculo/memoria/", "caio"),
        Sight("acordos", "/telecobranca/acordos/"),
        Sight("acordos-nenhum", "/telecobranca/acordos/?filtro=broken", "caio"),
        Sight("acordo", agreement, "caio"),
        Sight("acordo-quebrar", agreement, "caio", click("text=Quebrar")),
        Sight("acordo-baixar", agreement, "caio", click("td >> text=Baixar")),
        Sight("acordo-espera", waiting),
        Sight("acordo-memoria", f"{agreement}memoria/", "caio"),
        Sight("devedor-acordos", agreed, "caio", click("#tab-acordos")),
    ]


def sights(portfolio: Portfolio) -> list[Sight]:
    """Return the pages, given what was put into the database."""
    debtor = f"/telecobranca/devedores/{portfolio.debtor.pk}/"
    run = portfolio.run.pk
    return [
        Sight("entrar", "/conta/login/", user=""),
        Sight("esqueci", "/conta/password/reset/", user=""),
        Sight("pesquisa", "/telecobranca/", "caio"),
        Sight("pesquisa-achados", "/telecobranca/?q=goncalves", "caio"),
        Sight("pesquisa-nada", "/telecobranca/?q=zzzz", "caio"),
        Sight("comando", "/telecobranca/", "caio", command("conceicao")),
        Sight("devedor", debtor, "caio"),
        Sight("devedor-selecao", debtor, "caio", press("j", " ", "j", " ")),
        Sight("devedor-evento", debtor, "caio", press("e")),
        Sight("devedor-telefone", debtor, "caio", click("[data-edit]")),
        Sight("devedor-enderecos", debtor, "caio", click("#tab-enderecos", "text=Novo endereço")),
        Sight("devedor-dados", debtor, "caio", click("#tab-dados")),
        Sight("devedor-produtos", debtor, "caio", click("#tab-produtos")),
        Sight("devedor-parcelas", debtor, "caio", click("text=139 parcelas", "text=34 parcelas")),
        *calculation_sights(portfolio),
        Sight("atalhos", debtor, "caio", press("?")),
        Sight("importacoes", "/backoffice/importacoes/"),
        Sight("importacao-nova", "/backoffice/importacoes/nova/"),
        Sight("importacao", f"/backoffice/importacoes/{run}/"),
        Sight("importacao-espera", f"/backoffice/importacoes/{run - 1}/"),
        Sight("importacao-falha", f"/backoffice/importacoes/{run - 2}/"),
        Sight("log", "/logs/integracao/"),
        Sight("menu", "/backoffice/importacoes/", act=click(".user-menu > summary")),
        Sight("tarefas", "/backoffice/tarefas/"),
        Sight("tarefa-nova", "/backoffice/tarefas/nova/"),
        Sight("parametros", "/configuracoes/parametros/"),
        Sight("parametros-credor", "/configuracoes/parametros/credor/"),
        Sight("implantacao", "/implantacao/"),
        Sight("senha", "/conta/password/change/"),
        Sight("duas-etapas", "/conta/2fa/"),
        Sight("sessoes", "/conta/sessions/"),
        Sight("cadastros", "/admin/"),
        Sight("credores", "/admin/creditors/creditor/"),
        Sight("credor-novo", "/admin/creditors/creditor/add/"),
        Sight("campanhas", "/admin/campaigns/campaign/"),
        Sight("campanha", f"/admin/campaigns/campaign/{portfolio.campaign.pk}/change/"),
        Sight("campanha-nova", "/admin/campaigns/campaign/add/"),
        Sight("campanha-copia", f"/admin/campaigns/campaign/{portfolio.campaign.pk}/copiar/"),
        Sight("indices", "/admin/campaigns/indexseries/"),
        Sight("indice", f"/admin/campaigns/indexseries/{portfolio.series.pk}/change/"),
        Sight("indice-valores", "/admin/campaigns/indexvalue/"),
        Sight("feriados", "/admin/scheduling/holiday/"),
        Sight("usuarios", "/admin/accounts/user/"),
        Sight("auditoria", "/admin/audit/auditentry/"),
    ]
