"""What the office holds about a person: every table, told by the room that owns it.

The rooms above debtors may not be imported from here, so each tells its own tables when it starts
(`hold`). Merging moves what they name, an export shows it, an anonymisation empties it, and
docs/privacy.md says of each class of data why it is kept and for how long. Tests walk all models:
a table that names a debtor, or has a column that looks personal, and is not told here fails them.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum, StrEnum
from typing import Any

from django.apps import apps
from django.db.models import Model, QuerySet


class DataClass(StrEnum):
    """Classes of personal data; purpose, basis and retention of each are in docs/privacy.md."""

    REGISTRATION = "Cadastro do devedor"
    CONTACT = "Dados de contato"
    DEBT = "Contratos, parcelas e pagamentos"
    AGREEMENT = "Cálculos e acordos"
    TIMELINE = "Linha do tempo"
    CONTACT_LOG = "Tentativas, acionamentos e promessas"
    WORK = "Fila e distribuição"
    PRIVACY = "Leituras, unificações e pedidos"
    TRAFFIC = "Tráfego com os ERPs"
    TRAIL = "Trilha de auditoria"
    STAFF = "Usuários do escritório"
    COMPANY = "Credores e empresas"
    SETTINGS = "Configurações, sem dados de pessoas"


class OnMerge(StrEnum):
    """What becomes of the rows of one who turns out to be another."""

    MOVES = "moves"  # it is the kept one's from now on
    UNITES = "unites"  # it moves, unless the kept one has the same already
    STAYS = "stays"  # it is about the registration that is gone
    PUT_AWAY = "put away"  # it is taken out, and put back when the merge is undone
    FOLLOWS = "follows"  # it hangs on something that moves


@dataclass(frozen=True)
class Person:
    """Somebody, with the registrations that were found to be theirs, as other tables know them."""

    agency_id: int
    ids: tuple[int, ...]
    names: tuple[str, ...]
    documents: tuple[str, ...]
    customers: tuple[str, ...]


@dataclass(frozen=True)
class Parting:
    """Two who are told apart again: since when they were one, and the second's ERP customers."""

    kept_id: int
    gone_id: int
    merged_at: datetime
    customers: tuple[tuple[str, str], ...]


Find = Callable[[Person], "QuerySet[Any]"]
# The rows, written since a merge, that are the second's all the same.
Later = Callable[[Parting], "QuerySet[Any]"]


@dataclass(frozen=True)
class Holding:
    """One table. `owner` is the path from a row to its debtor; "" when nothing leads there, and
    then `find`, if any, finds a person's rows.

    `identity` tells rows of one debtor apart (OnMerge.UNITES); `flag` is true in one row of a
    debtor at most; `stamp` names whose a moved row was. `contract` is the path to the contract, and
    `later` finds rows otherwise, by which what came after a merge finds back when it is undone.
    `erased` is what an anonymisation leaves in a column; `hidden` are columns an export leaves
    out; `restored` is what a row put back no longer says.
    """

    model: str
    data_class: DataClass
    owner: str = "debtor"
    on_merge: OnMerge = OnMerge.FOLLOWS
    identity: tuple[str, ...] = ()
    flag: str = ""
    stamp: str = ""
    contract: str = ""
    later: Later | None = None
    erased: Mapping[str, Any] = field(default_factory=dict)
    hidden: tuple[str, ...] = ()
    restored: Mapping[str, Any] = field(default_factory=dict)
    find: Find | None = None
    is_removed: bool = False  # an anonymisation deletes the rows

    @property
    def table(self) -> type[Model]:
        """The model."""
        return apps.get_model(self.model)

    @property
    def hangs(self) -> bool:
        """Whether the row itself names the debtor."""
        return bool(self.owner) and "__" not in self.owner

    def rows_of(self, person: Person) -> "QuerySet[Any]":
        """Return a person's rows, oldest first; the agency's scope is the caller's."""
        rows = self.table._default_manager.all()
        if self.find is not None:
            return self.find(person)
        if not self.owner:
            return rows.none()
        return rows.filter(**{f"{self.owner}__in": person.ids}).order_by("pk")


# A sentence why a person cannot be anonymised on a day, "" when nothing speaks against it.
Objection = Callable[[Person, date], str]
# Called with the debtors of a merge, or of its undoing, once everything is where it belongs.
Refresh = Callable[[Collection[int]], None]
# A sentence why two debtors (kept, gone) cannot be merged; "" otherwise.
Obstacle = Callable[[int, int], str]
# A sentence why contracts cannot go back to the debtor they came from; "" otherwise.
UndoObstacle = Callable[[int, Collection[int]], str]
# Locks what a merge of these debtors moves; DomainError when it would have to wait too long.
Lock = Callable[[int, Collection[int]], None]
# What must change for the rows of the second debtor to stand beside those of the first.
Preparation = Callable[[int, int], "list[Change]"]
# Takes a person out of rows that are not theirs; returns how many it changed.
Eraser = Callable[[Person], int]


@dataclass(frozen=True)
class Change:
    """One value that a merge changed in a row, to be changed back when it is undone."""

    model: str
    pk: int
    column: str
    before: Any
    after: Any


class Turn(IntEnum):
    """The order in which everybody locks: whoever locks otherwise waits in a circle."""

    LOADS = 0
    AGREEMENTS = 1
    INSTALLMENTS = 2
    CONTRACTS = 3


@dataclass
class _Rooms:
    """What the rooms above asked for when they started."""

    holdings: dict[str, Holding] = field(default_factory=dict)
    objections: list[Objection] = field(default_factory=list)
    refreshes: list[Refresh] = field(default_factory=list)
    obstacles: list[Obstacle] = field(default_factory=list)
    undo_obstacles: list[UndoObstacle] = field(default_factory=list)
    locks: list[tuple[Turn, Lock]] = field(default_factory=list)
    preparations: list[Preparation] = field(default_factory=list)
    erasers: list[Eraser] = field(default_factory=list)


ROOMS = _Rooms()


def hold(*told: Holding) -> None:
    """Make tables known, once each, when the product starts."""
    for each in told:
        ROOMS.holdings[each.model] = each


def keep_out(data_class: DataClass, *models: str) -> None:
    """Make tables known that hold no debtor's data: staff, companies, settings."""
    hold(*(Holding(model, data_class, owner="") for model in models))


def holdings() -> list[Holding]:
    """Return every table told, in the order in which the rooms told them."""
    return list(ROOMS.holdings.values())


def lock_for_merging(agency_id: int, debtor_ids: Collection[int]) -> None:
    """Lock, in everybody's order, what a merge of these debtors moves."""
    for _, lock in sorted(ROOMS.locks, key=lambda told: told[0]):
        lock(agency_id, debtor_ids)


def refresh_debtors(debtor_ids: Collection[int]) -> None:
    """Bring up to date what the rooms above add up of debtors."""
    for refresh in ROOMS.refreshes:
        refresh(debtor_ids)
