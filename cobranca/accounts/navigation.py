"""The sections of the product, each shown to those who may open it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True)
class Page:
    """A destination: what it is called, the name of its address, who may open it."""

    label: str
    name: str
    permission: str
    icon: str


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


SECTIONS = (
    Section(
        "Telecobrança",
        (Page("Telecobrança", "telecobranca:search", "debtors.view_debtor", "headset"),),
    ),
    Section(
        "Back Office",
        (
            Page("Importações", "integrations:imports", "integrations.view_importrun", "import"),
            Page("Tarefas", "scheduling:tasks", "scheduling.view_scheduledtask", "clock"),
        ),
    ),
    Section(
        "Logs",
        (
            Page(
                "Integração",
                "integrations:logs",
                "integrations.view_integrationlog",
                "scroll-text",
            ),
        ),
    ),
    Section(
        "Configurações",
        (
            Page(
                "Parâmetros",
                "creditors:parameters",
                "creditors.view_parametervalue",
                "sliders-horizontal",
            ),
            Page(
                "Credores",
                "admin:creditors_creditor_changelist",
                "creditors.view_creditor",
                "landmark",
            ),
            Page(
                "Filiais",
                "admin:creditors_branch_changelist",
                "creditors.view_branch",
                "building-2",
            ),
            Page(
                "Tipos de contrato",
                "admin:creditors_contracttype_changelist",
                "creditors.view_contracttype",
                "tags",
            ),
            Page("Usuários", "admin:accounts_user_changelist", "accounts.view_user", "users"),
        ),
    ),
    Section(
        "Implantação",
        (Page("Implantação", "integrations:onboarding", "creditors.change_creditor", "rocket"),),
    ),
    Section(
        "Auditoria", (Page("Auditoria", "audit:entries", "audit.view_auditentry", "shield-check"),)
    ),
)


def menus_for(request: HttpRequest, sections: Iterable[Section] = SECTIONS) -> list[Menu]:
    """Return the sections and pages that whoever asks may open and that exist here."""
    menus = [
        Menu(section.label, [link for page in section.pages if (link := _link(request, page))])
        for section in sections
    ]
    return [menu for menu in menus if menu.links]


def _link(request: HttpRequest, page: Page) -> Link | None:
    url = _address(page.name)
    if not url or not request.user.has_perm(page.permission) or not _may_enter(request, url):
        return None
    return Link(page.label, url, page.icon, request.path.startswith(url))


def _may_enter(request: HttpRequest, url: str) -> bool:
    """Collectors see creditors on their pages but do not enter the configuration screens."""
    return request.user.is_staff or not url.startswith("/admin/")  # type: ignore[union-attr]


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
