"""The whole URL conf as a list of addresses, each with the arguments of somebody's rows."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import URLResolver, get_resolver, reverse
from django.urls.resolvers import RegexPattern, RoutePattern

from tests.security.planting import Garden


class UnknownArgument(Exception):
    """A URL has an argument that this test cannot fill: teach it, below."""


@dataclass(frozen=True)
class Address:
    """One named URL."""

    name: str
    route: str
    arguments: tuple[str, ...]
    callback: Any

    @property
    def room(self) -> str:
        """The part of the product it belongs to: a namespace, an app of the admin, a prefix."""
        space, _, name = self.name.rpartition(":")
        if space == "admin" or not space:
            return f"{space or self.route.partition('/')[0]}:{name.partition('_')[0]}"
        return space


# Redirects of the admin for addresses nobody links to.
ADMIN_REDIRECTS = re.compile(r"admin/(\w+/\w+/<path:object_id>/|\(\?P<url>\.\*\)\$)")


def rooms() -> dict[str, list[Address]]:
    """Return every address of the product by the room that answers it."""
    found: dict[str, list[Address]] = {}
    for address in _below(get_resolver(), "", (), ()):
        found.setdefault(address.room, []).append(address)
    return dict(sorted(found.items()))


def _below(
    resolver: URLResolver, route: str, spaces: tuple[str, ...], arguments: tuple[str, ...]
) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        path = route + str(entry.pattern)
        named = arguments + _arguments_of(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = (*spaces, entry.namespace) if entry.namespace else spaces
            yield from _below(entry, path, inner, named)
        elif entry.name:
            yield Address(":".join([*spaces, entry.name]), path, named, entry.callback)
        elif not ADMIN_REDIRECTS.fullmatch(path):
            raise UnknownArgument(f"{path} has no name")


def _arguments_of(pattern: Any) -> tuple[str, ...]:
    if isinstance(pattern, RoutePattern):
        return tuple(pattern.converters)
    assert isinstance(pattern, RegexPattern)
    named = tuple(pattern.regex.groupindex)
    # simple_history's page of one version has two groups without names: the row and the version.
    return named or ("object_id", "history_id")[: pattern.regex.groups]


# --- arguments ------------------------------------------------------------------------------------

# Which table an argument names, where its own name does not say it: first by address and
# argument, then by argument alone.
TABLES = {
    ("integrations", "run_id"): "integrations.ImportRun",
    ("integrations", "log_id"): "integrations.IntegrationLog",
    ("integrations", "operation_id"): "integrations.ErpOperation",
    ("integrations", "delivery_id"): "integrations.WebhookDelivery",
    ("scheduling", "run_id"): "scheduling.TaskRun",
    ("scheduling", "task_id"): "scheduling.ScheduledTask",
    ("telecobranca", "parcel_id"): "agreements.AgreementInstallment",
    ("telecobranca", "payment_id"): "agreements.AgreementPayment",
    ("admin", "id"): "accounts.User",
    ("debtors", "merge_id"): "debtors.DebtorMerge",
    ("debtors", "pair_id"): "debtors.DistinctPair",
    ("telecobranca", "queue_id"): "telecobranca.WorkQueue",
    ("dunning", "block_id"): "debtors.ContactBlock",
}
# Arguments that name no row: every word they may take.
WORDS = {
    "app_label": ["accounts"],
    "system": ["sienge"],
    "part": ["futuras", "encerradas"],
    "action": ["aprovar", "recusar", "efetivar", "integrar", "cancelar", "quebrar"],
    "document": ["termo", "demonstrativo", "memoria"],
    "filename": ["marca.png"],
    "format": [".json"],
    "number": [1],
    "figure": [
        "trabalhando",
        "acionamentos",
        "efetivos",
        "promessas",
        "acordos",
        "recebidos",
        "recebidos-mes",
        "recusados",
        "retornos",
        "vencem-hoje",
        "vencidas",
        "fila",
    ],
    "board": ["aging", "recuperacao", "promessas", "efetividade", "movimento", "integracoes"],
    "chart": ["bands", "owners", "time", "collectors", "loads"],
    "file": ["csv", "xlsx"],
    "listing": [
        "parcelas-em-aberto",
        "vencidas-no-periodo",
        "recebimentos",
        "acordos-feitos",
        "acionamentos",
        "promessas",
        "promessas-feitas",
        "entradas-e-saidas",
    ],
}
CONTACTS = {"telefones": "Phone", "enderecos": "Address", "emails": "EmailAddress"}
# allauth and its like: keys that belong to a person's own session or mailbox.
OF_OTHERS = {"uidb36": "1", "key": "chave", "provider": "x", "extra_context": "x"}


def urls_for(address: Address, garden: Garden) -> list[str]:
    """Return the URLs of an address for the rows of an agency; UnknownArgument when unknown."""
    return [_url(address.name, filling) for filling in _fillings(address, garden)]


def _url(name: str, filling: dict[str, Any]) -> str:
    if "history_id" in filling:
        return reverse(name, args=list(filling.values()))
    return reverse(name, kwargs=filling)


def _fillings(address: Address, garden: Garden) -> list[dict[str, Any]]:
    fillings: list[dict[str, Any]] = [{}]
    for argument in address.arguments:
        fillings = [
            {**filling, argument: value}
            for filling in fillings
            for value in _values(address, argument, filling, garden)
        ]
    return fillings


def _values(address: Address, argument: str, so_far: dict[str, Any], garden: Garden) -> list[Any]:
    if argument == "kind" and "telecobranca" in address.route:
        return list(CONTACTS)
    if argument in WORDS:
        return list(WORDS[argument])
    if argument in OF_OTHERS:
        return [OF_OTHERS[argument]]
    if argument == "content_type_id":
        return [ContentType.objects.get_for_model(_model("debtors.Debtor")).pk]
    if argument == "history_id":
        model = _model_of_view(address)
        return [model.history.filter(id=so_far["object_id"])[0].pk]  # type: ignore[attr-defined]
    return [garden.row(_table(address, argument, so_far)).pk]


def _table(address: Address, argument: str, so_far: dict[str, Any]) -> type[models.Model]:
    space = address.name.partition(":")[0]
    if (space, argument) in TABLES:
        return _model(TABLES[space, argument])
    if argument == "contact_id":
        return _model(f"debtors.{CONTACTS[so_far['kind']]}")
    if argument in ("pk", "object_id"):
        return _model_of_view(address)
    by_name = {_snake(m.__name__): m for m in apps.get_models()}
    found = by_name.get(argument.removesuffix("_id")) if argument.endswith("_id") else None
    if found is None:
        raise UnknownArgument(f"{address.route}: what is {argument}?")
    return found


def _model_of_view(address: Address) -> type[models.Model]:
    """Ask an admin view or a REST view which table it shows."""
    if address.name == "admin:view_on_site":
        return _model("debtors.Debtor")
    admin = _admin_of(address.callback)
    if admin is not None:
        return admin.model
    view = getattr(address.callback, "cls", None) or getattr(address.callback, "view_class", None)
    queryset = getattr(view, "queryset", None)
    if queryset is not None:
        return queryset.model
    serializer = getattr(view, "serializer_class", None)
    if getattr(view, "model", None) is not None:
        return view.model
    if serializer is None:
        raise UnknownArgument(f"{address.route}: which table does {view} show?")
    return serializer.Meta.model


def _admin_of(callback: Any) -> Any:
    """Return the admin class behind a view: the admin marks its own, add-ons only wrap theirs."""
    marked = getattr(callback, "model_admin", None)
    return marked or getattr(getattr(callback, "__wrapped__", None), "__self__", None)


def _model(label: str) -> type[models.Model]:
    return apps.get_model(label)


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


# Rows that are every agency's: the law of contact.
SHARED = re.compile(r"dunning/(contactrule|legalholiday)/|contact-rules|legal-holidays")


def leads_to_a_row(address: Address) -> bool:
    """Tell whether an address leads to one row of a table."""
    if SHARED.search(address.route):
        return False
    return bool(set(address.arguments) - set(WORDS) - set(OF_OTHERS) - {"kind"})
