"""Every page worth looking at: who opens it, where it is, what is done there first."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, expect

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
    # The address that the act leads to, when it leads to another page.
    shows: str = ""


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
            page.wait_for_load_state("load")
            expect(page.locator(".htmx-request")).to_have_count(0)

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


def webhook_sights(portfolio: Portfolio) -> list[Sight]:
    """Return the pages of what other systems announced."""
    parked = f"/logs/webhooks/{portfolio.announcement.pk}/"
    return [
        Sight("webhooks", "/logs/webhooks/"),
        Sight("webhooks-nenhum", "/logs/webhooks/?terms=zzzz"),
        Sight("webhook", parked),
        Sight("webhook-descartar", parked, act=click("text=Descartar")),
        Sight("webhooks-recusados", "/logs/webhooks/recusados/"),
    ]


def account_sights() -> list[Sight]:
    """Return the pages before and around signing in."""
    return [
        Sight("entrar", "/conta/login/", user=""),
        Sight("cadastro-fechado", "/conta/signup/", user=""),
        Sight("conta-inativa", "/conta/inactive/", user=""),
        Sight("esqueci", "/conta/password/reset/", user=""),
        Sight("esqueci-enviado", "/conta/password/reset/done/", user=""),
        Sight("senha-nova", "/conta/password/reset/key/1-chave/", user=""),
        Sight("senha-trocada", "/conta/password/reset/key/done/", user=""),
        Sight("email-confirmar", "/conta/confirm-email/", user=""),
        Sight("email-chave", "/conta/confirm-email/chave/", user=""),
        Sight("sair", "/conta/logout/"),
        Sight("confirmar-senha", "/conta/reauthenticate/"),
        Sight("emails", "/conta/email/"),
        Sight("senha", "/conta/password/change/"),
        Sight("duas-etapas", "/conta/2fa/"),
        Sight("sessoes", "/conta/sessions/"),
    ]


def background_sights(portfolio: Portfolio) -> list[Sight]:
    """Return the pages of tasks and of what is written into ERPs."""
    done = portfolio.work
    return [
        Sight("tarefas", "/backoffice/tarefas/"),
        Sight("tarefa-nova", "/backoffice/tarefas/nova/"),
        Sight("tarefa", f"/backoffice/tarefas/{done.task.pk}/"),
        Sight("tarefas-execucao", "/backoffice/tarefas/execucao/"),
        Sight("tarefas-historico", "/backoffice/tarefas/historico/"),
        Sight("tarefa-execucao", f"/backoffice/tarefas/execucoes/{done.run.pk}/"),
        Sight("gravacoes", "/backoffice/gravacoes-erp/"),
        Sight("gravacao", f"/backoffice/gravacoes-erp/{done.operation.pk}/"),
    ]


def integration_sights(portfolio: Portfolio) -> list[Sight]:
    """Return the pages of imports, calls and connections."""
    run, creditor = portfolio.run.pk, portfolio.campaign.creditor_id
    return [
        Sight("importacoes", "/backoffice/importacoes/"),
        Sight("importacao-nova", "/backoffice/importacoes/nova/"),
        Sight("importacao", f"/backoffice/importacoes/{run}/"),
        Sight("importacao-espera", f"/backoffice/importacoes/{run - 1}/"),
        Sight("importacao-falha", f"/backoffice/importacoes/{run - 2}/"),
        Sight("log", "/logs/integracao/"),
        Sight("log-chamada", f"/logs/integracao/{portfolio.log.pk}/"),
        Sight("cota", "/integracoes/cota/"),
        *webhook_sights(portfolio),
        Sight("assinaturas", f"/integracoes/{creditor}/webhooks/"),
        Sight("conexao", f"/integracoes/{creditor}/conexao/"),
    ]


def team_sights() -> list[Sight]:
    """Return the pages of the section Equipe."""
    target = click("[id^=alvo-t] >> nth=0", "text=Ver prévia")
    return [
        Sight("quadro", "/equipe/quadro/"),
        Sight("quadro-retomar", "/equipe/quadro/", act=click("[data-take] >> nth=0")),
        Sight("quadro-lista", "/equipe/quadro/lista/acionamentos/"),
        Sight("quadro-promessas", "/equipe/quadro/lista/vencidas/"),
        Sight("quadro-nada", "/equipe/quadro/lista/recebidos/"),
        Sight("distribuicao", "/equipe/distribuicao/"),
        Sight("distribuicao-previa", "/equipe/distribuicao/", act=target),
        Sight("distribuicao-erro", "/equipe/distribuicao/", act=click("text=Ver prévia")),
        Sight("metas", "/equipe/metas/"),
        Sight(
            "meta", "/equipe/metas/", act=click("[data-open] >> nth=0"), shows="telecobranca:goal"
        ),
        Sight("metas-nenhuma", "/equipe/metas/?mes=2030-01"),
        Sight("meta-nova", "/equipe/metas/nova/"),
        Sight("equipes", "/equipe/equipes/"),
        Sight(
            "equipe",
            "/equipe/equipes/",
            act=click("[data-open] >> nth=0"),
            shows="telecobranca:team",
        ),
        Sight("equipe-nova", "/equipe/equipes/nova/"),
    ]


def queue_sights(portfolio: Portfolio) -> list[Sight]:
    """Return the pages of the work queue and of what a collector has to do today."""
    return [
        Sight("fila-proximo", "/telecobranca/fila/proximo/", "caio"),
        Sight("filas", "/telecobranca/filas/"),
        Sight("fila-nova", "/telecobranca/filas/nova/"),
        Sight(
            "fila",
            "/telecobranca/filas/",
            act=click("main a.row-link >> nth=0"),
            shows="telecobranca:queue",
        ),
        Sight("fila-por-que", f"/telecobranca/devedores/{portfolio.debtor.pk}/fila/por-que/"),
        Sight("agenda", "/telecobranca/agenda/", "caio"),
    ]


def report_sights() -> list[Sight]:
    """Return the dashboards, the lists behind them, a collector's own."""
    boards = ("aging", "recuperacao", "promessas", "efetividade", "movimento", "integracoes")
    return [
        Sight("paineis", "/paineis/"),
        *(Sight(f"painel-{board}", f"/paineis/{board}/") for board in boards),
        Sight("painel-tabelas", "/paineis/aging/", act=press("t")),
        Sight("painel-lista", "/paineis/lista/parcelas-em-aberto/?faixa=361"),
        Sight("painel-lista-vazia", "/paineis/lista/promessas/?de=2020-01-01&ate=2020-01-02"),
        Sight("meu-desempenho", "/paineis/meu-desempenho/", "caio"),
    ]


def law_sights(portfolio: Portfolio) -> list[Sight]:
    """Return the pages of the law of contact."""
    ask = "/telecobranca/posso-contatar/"
    return [
        Sight("posso-contatar", ask, "caio"),
        Sight("posso-contatar-lugar", f"{ask}?uf=AM&ddd=21&canal=call", "caio"),
        Sight("posso-contatar-erro", f"{ask}?uf=SP&ddd=20", "caio"),
        Sight("posso-contatar-devedor", f"{ask}?devedor={portfolio.debtor.pk}", "caio"),
        Sight("posso-contatar-pesquisa", f"{ask}?q=goncalves", "caio"),
        Sight("recusados", "/telecobranca/contatos-recusados/"),
        Sight("recusados-nenhum", "/telecobranca/contatos-recusados/?regra=calendar"),
        Sight("regras-contato", "/admin/dunning/contactrule/"),
        Sight("politica-contato", "/admin/dunning/contactpolicy/add/"),
    ]


def privacy_sights(portfolio: Portfolio) -> list[Sight]:
    """Return the pages of privacy and of merging."""
    debtor = f"/telecobranca/devedores/{portfolio.debtor.pk}/"
    merges = "/privacidade/unificacoes/"
    return [
        Sight("devedor-privacidade", debtor, "ines", click(".privacy-hook summary")),
        Sight("leituras", "/privacidade/leituras/"),
        Sight("titulares", "/privacidade/titulares/"),
        Sight("titular", f"/privacidade/devedores/{portfolio.debtor.pk}/"),
        Sight("unificacoes", merges),
        Sight("unificar", f"{merges}comparar/?um={portfolio.debtor.pk}&q=silva"),
        Sight(
            "comparar",
            f"{merges}comparar/?um={portfolio.debtor.pk}&outro={portfolio.agreement.debtor.pk}",
        ),
    ]


def sights(portfolio: Portfolio) -> list[Sight]:
    """Return the pages, given what was put into the database."""
    debtor = f"/telecobranca/devedores/{portfolio.debtor.pk}/"
    return [
        *account_sights(),
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
        *team_sights(),
        *queue_sights(portfolio),
        *privacy_sights(portfolio),
        *law_sights(portfolio),
        *report_sights(),
        Sight("atalhos", debtor, "caio", press("?")),
        *integration_sights(portfolio),
        Sight("menu", "/backoffice/importacoes/", act=click(".user-menu > summary")),
        *background_sights(portfolio),
        Sight("parametros", "/configuracoes/parametros/"),
        Sight("parametros-credor", "/configuracoes/parametros/credor/"),
        Sight("implantacao", "/implantacao/"),
        Sight("api", "/api/v1/docs/"),
        Sight("estilo", "/estilo/"),
        Sight("estilo-lado-a-lado", "/estilo/?tema=ambas"),
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
