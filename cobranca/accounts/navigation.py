"""The sections of the product, each shown to those who may open it."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import json_script
from django.utils.safestring import SafeString


@dataclass(frozen=True)
class Page:
    """A destination: what it is called, the name of its address, who may open it."""

    label: str
    name: str
    permission: str
    icon: str


def admin_list(model: str) -> str:
    """Return the name of the address of a configuration table's list."""
    return f"admin:{model.replace('.', '_')}_changelist"


@dataclass(frozen=True)
class Section:
    """A menu of pages, or one page alone when its label is the page's."""

    label: str
    pages: tuple[Page, ...]


@dataclass(frozen=True)
class Link:
    """A page as one person sees it now."""

    label: str
    url: str
    icon: str
    is_current: bool


@dataclass(frozen=True)
class Menu:
    """A section as one person sees it now."""

    label: str
    links: list[Link] = field(default_factory=list)

    @property
    def is_current(self) -> bool:
        return any(link.is_current for link in self.links)

    @property
    def is_single(self) -> bool:
        return len(self.links) == 1 and self.links[0].label == self.label


_DESK = (
    Page("Devedores", "telecobranca:search", "debtors.view_debtor", "headset"),
    Page("Agenda", "telecobranca:agenda", "dunning.view_callback", "calendar-clock"),
    Page("Acordos", "telecobranca:agreements", "agreements.view_agreement", "handshake"),
    Page("Meu desempenho", "reports:mine", "dunning.add_contactrecord", "gauge"),
    Page("Posso contatar?", "dunning:may_contact", "dunning.view_contactrule", "phone-call"),
)
_TEAM = (
    Page("Quadro ao vivo", "telecobranca:board", "accounts.view_board", "radio"),
    Page(
        "Distribuição", "telecobranca:distribution", "telecobranca.view_contractassignment", "split"
    ),
    Page("Metas", "telecobranca:goals", "telecobranca.view_goal", "target"),
    Page("Equipes", "telecobranca:teams", "accounts.view_team", "users-round"),
    Page("Filas", "telecobranca:queues", "telecobranca.view_workqueue", "list-ordered"),
    Page("Contatos recusados", "dunning:refusals", "accounts.view_board", "phone-off"),
)
_DASHBOARDS = Page("Painéis", "reports:home", "accounts.view_dashboards", "chart-column")
_PRIVACY = (
    Page("Leituras", "debtors:readings", "debtors.view_debtorreading", "eye"),
    Page("Unificações", "debtors:merges", "debtors.view_debtormerge", "merge"),
    Page("Titulares", "debtors:privacy", "debtors.view_privacyrequest", "user-lock"),
)
_BACK_OFFICE = (
    Page("Importações", "integrations:imports", "integrations.view_importrun", "import"),
    Page("Tarefas", "scheduling:tasks", "scheduling.view_scheduledtask", "clock"),
    Page("Gravações no ERP", "integrations:operations", "integrations.view_erpoperation", "plug"),
    Page(
        "Cota de chamadas",
        "integrations:call_budget",
        "integrations.view_connectionstate",
        "hourglass",
    ),
)
_LOGS = (
    Page("Integração", "integrations:logs", "integrations.view_integrationlog", "scroll-text"),
    Page("Webhooks", "integrations:webhooks", "integrations.view_webhookdelivery", "bell"),
)
_SETTINGS = (
    Page(
        "Parâmetros", "creditors:parameters", "creditors.view_parametervalue", "sliders-horizontal"
    ),
    Page("Credores", admin_list("creditors.creditor"), "creditors.view_creditor", "landmark"),
    Page("Filiais", admin_list("creditors.branch"), "creditors.view_branch", "building-2"),
    Page(
        "Tipos de contrato",
        admin_list("creditors.contracttype"),
        "creditors.view_contracttype",
        "tags",
    ),
    Page(
        "Tipos de credor",
        admin_list("creditors.creditortypeactivation"),
        "creditors.view_creditortypeactivation",
        "plug",
    ),
    Page(
        "Campanhas de cálculo",
        admin_list("campaigns.campaign"),
        "campaigns.view_campaign",
        "calculator",
    ),
    Page(
        "Índices", admin_list("campaigns.indexseries"), "campaigns.view_indexseries", "chart-line"
    ),
    Page("Feriados", admin_list("scheduling.holiday"), "scheduling.view_holiday", "calendar-off"),
    Page(
        "Motivos de devolução",
        admin_list("contracts.agencyrecallreason"),
        "contracts.view_agencyrecallreason",
        "undo-2",
    ),
    Page(
        "Regras de contato", admin_list("dunning.contactrule"), "dunning.view_contactrule", "scale"
    ),
    Page(
        "Política de contato",
        admin_list("dunning.contactpolicy"),
        "dunning.change_contactpolicy",
        "shield",
    ),
    Page(
        "Resultados de contato",
        admin_list("dunning.contactresult"),
        "dunning.change_contactresult",
        "list-checks",
    ),
    Page("Usuários", admin_list("accounts.user"), "accounts.view_user", "users"),
)
_ONBOARDING = Page("Implantação", "creditors:onboarding", "creditors.change_creditor", "rocket")
_AUDIT = Page("Auditoria", admin_list("audit.auditentry"), "audit.view_auditentry", "shield-check")

SECTIONS = (
    Section("Telecobrança", _DESK),
    Section("Equipe", _TEAM),
    Section("Painéis", (_DASHBOARDS,)),
    Section("Back Office", _BACK_OFFICE),
    Section("Logs", _LOGS),
    Section("Configurações", _SETTINGS),
    Section("Implantação", (_ONBOARDING,)),
    Section("Privacidade", _PRIVACY),
    Section("Auditoria", (_AUDIT,)),
)

# What the command bar offers to do, beside the pages.
ACTIONS = (
    Page("Próximo da fila", "telecobranca:next", "dunning.add_contactrecord", "skip-forward"),
    Page("Nova importação", "integrations:import_new", "integrations.add_importrun", "import"),
    Page("Nova tarefa agendada", "scheduling:new_task", "scheduling.add_scheduledtask", "clock"),
)

# Unfold draws its own family of icons.
_SYMBOLS = {
    "headset": "support_agent",
    "calendar-clock": "event_upcoming",
    "handshake": "handshake",
    "phone-call": "phone_in_talk",
    "phone-off": "phone_disabled",
    "radio": "sensors",
    "split": "call_split",
    "target": "target",
    "users-round": "groups",
    "list-ordered": "format_list_numbered",
    "chart-column": "bar_chart",
    "gauge": "speed",
    "eye": "visibility",
    "merge": "merge",
    "user-lock": "lock_person",
    "scale": "gavel",
    "shield": "security",
    "list-checks": "checklist",
    "import": "download",
    "clock": "schedule",
    "hourglass": "hourglass_top",
    "bell": "notifications",
    "scroll-text": "receipt_long",
    "sliders-horizontal": "tune",
    "landmark": "account_balance",
    "building-2": "apartment",
    "tags": "sell",
    "plug": "power",
    "calculator": "calculate",
    "chart-line": "show_chart",
    "calendar-off": "event_busy",
    "undo-2": "undo",
    "users": "group",
    "rocket": "rocket_launch",
    "shield-check": "verified_user",
}


def menus_for(request: HttpRequest) -> list[Menu]:
    """Return the sections and pages that whoever asks may open and that exist here."""
    menus = _menus(*_standing(request))
    # /telecobranca/acordos/ is below /telecobranca/ too: the page that says most is the one.
    under = [link.url for menu in menus for link in menu.links if request.path.startswith(link.url)]
    here = max(under, key=len, default="")
    return [_marked(menu, here) if here else menu for menu in menus]


def _marked(menu: Menu, here: str) -> Menu:
    if all(link.url != here for link in menu.links):
        return menu
    return Menu(menu.label, [replace(link, is_current=link.url == here) for link in menu.links])


def places_for(request: HttpRequest) -> SafeString:
    """Return the pages and actions that the command bar offers to whoever asks, to be found by
    their own name or their section's, as the script reads them."""
    return _places(*_standing(request))


# What somebody may open depends on their permissions alone: few sets of them, the same all day.
def _standing(request: HttpRequest) -> tuple[frozenset[str] | None, bool]:
    """Return what whoever asks may do (None: everything) and whether they enter the admin."""
    user = request.user
    held = None if user.is_superuser else frozenset(user.get_all_permissions())
    return held, user.is_staff


@lru_cache(maxsize=256)
def _menus(held: frozenset[str] | None, is_staff: bool) -> list[Menu]:
    found = [Menu(section.label, _links(section.pages, held, is_staff)) for section in SECTIONS]
    return [menu for menu in found if menu.links]


@lru_cache(maxsize=256)
def _places(held: frozenset[str] | None, is_staff: bool) -> SafeString:
    pages = [(link, menu.label) for menu in _menus(held, is_staff) for link in menu.links]
    actions = [(link, "") for link in _links(ACTIONS, held, is_staff)]
    told = [
        {"label": link.label, "of": of, "url": link.url, "icon": link.icon}
        for link, of in [*actions, *pages]
    ]
    return json_script(told, "command-places")


def admin_sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the same sections for the side of the configuration screens."""
    return [
        {
            "title": "" if menu.is_single else menu.label,
            "items": [
                {
                    "title": link.label,
                    "icon": _SYMBOLS[link.icon],
                    "link": link.url,
                    "active": link.is_current,
                }
                for link in menu.links
            ],
        }
        for menu in menus_for(request)
    ]


def _links(pages: Iterable[Page], held: frozenset[str] | None, is_staff: bool) -> list[Link]:
    """Return the pages that exist here and that these permissions open.

    Collectors see creditors on their pages but do not enter the configuration screens.
    """
    return [
        Link(page.label, url, page.icon, is_current=False)
        for page in pages
        if (url := _address(page.name))
        and (held is None or page.permission in held)
        and (is_staff or not url.startswith("/admin/"))
    ]


@cache
def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
