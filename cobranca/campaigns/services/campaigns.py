"""Changes to campaigns and their brackets; each is checked under a lock and leaves a trail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from cobranca.accounts.models import User
from cobranca.audit.services import log_action
from cobranca.campaigns import brackets, trails
from cobranca.campaigns.models import Bracket, Campaign, CashBracket, InstalmentBracket
from cobranca.campaigns.selectors import FilterChoices, filter_choices
from cobranca.common import trail
from cobranca.common.errors import DomainError
from cobranca.creditors.models import Creditor

CAMPAIGN_FIELDS = trails.CAMPAIGN_FIELDS
_TAKEN = "Este credor já tem uma campanha com este nome."
CHANGED_MEANWHILE = (
    "Outra pessoa salvou esta campanha enquanto você a editava: abra-a de novo e confira."
)


@dataclass(frozen=True)
class Table:
    """One of a campaign's two tables of brackets."""

    name: str
    label: str
    model: type[Any]
    fields: tuple[str, ...]

    def values(self, row: Bracket) -> dict[str, Any]:
        """Return a row as the rules of brackets read it."""
        return {name: getattr(row, name) for name in self.fields}


CASH = Table("cash_brackets", "À vista", CashBracket, trails.CASH_FIELDS)
INSTALMENTS = Table("instalment_brackets", "Parcelado", InstalmentBracket, trails.INSTALMENT_FIELDS)
TABLES = (CASH, INSTALMENTS)


class BracketsRefusedError(DomainError):
    """A table of brackets was refused; all that is wrong in it is in `problems`."""

    def __init__(self, table: Table, rows: Sequence[Any], problems: list[brackets.Problem]) -> None:
        first = problems[0]
        name = brackets.named(table.values(rows[first.row]))
        super().__init__(f"{table.label}, faixa {name}: {first.message}", first.field)
        self.table, self.problems = table, problems


@transaction.atomic
def save_campaign(
    *, campaign: Campaign, actor: User | None, seen_at: datetime | None = None
) -> Campaign:
    """Save a campaign; whoever saves one that changed since `seen_at` is refused."""
    stored = _lock(campaign.pk) if campaign.pk else None
    if stored is not None and seen_at is not None and stored.updated_at != seen_at:
        raise DomainError(CHANGED_MEANWHILE)
    choices = filter_choices(campaign.creditor)
    check_campaign(campaign, stored, choices)
    before = trails.seen_campaign(stored, choices)
    campaign._history_user = actor  # type: ignore[attr-defined]
    campaign.save(update_fields=[*CAMPAIGN_FIELDS] if stored else None)
    campaign.refresh_from_db()
    changes = trail.differences(before, trails.seen_campaign(campaign, choices))
    if changes:
        action = "campaign.saved" if stored else "campaign.created"
        log_action(action, campaign, actor, agency=campaign.agency, changes=changes)
    return campaign


def _lock(pk: int) -> Campaign:
    return Campaign.objects.select_for_update(of=("self",)).select_related("creditor").get(pk=pk)


def check_campaign(campaign: Campaign, stored: Campaign | None, choices: FilterChoices) -> None:
    """Refuse a campaign that makes no sense, at the field."""
    campaign.name = campaign.name.strip()
    if not campaign.name:
        raise DomainError("Informe o nome da campanha.", "name")
    if campaign.creditor.agency_id != campaign.agency_id:
        raise DomainError("Credor desconhecido.", "creditor")
    if stored is not None and stored.creditor_id != campaign.creditor_id:
        message = "O credor de uma campanha não muda: copie-a para o outro credor."
        raise DomainError(message, "creditor")
    check_validity(campaign.valid_from, campaign.valid_to)
    if campaign.index is not None and campaign.index.agency_id != campaign.agency_id:
        raise DomainError("Índice desconhecido.", "index")
    _check_name_is_free(campaign)
    _check_filters(campaign, choices)


def _check_name_is_free(campaign: Campaign) -> None:
    same = Campaign.objects.filter(creditor=campaign.creditor, name=campaign.name)
    if same.exclude(pk=campaign.pk).exists():
        raise DomainError(_TAKEN, "name")


def check_validity(first: date | None, last: date | None) -> None:
    """Refuse a validity that is not one."""
    if first is None:
        raise DomainError("Informe a vigência inicial.", "valid_from")
    if last is not None and last < first:
        raise DomainError("A vigência final vem antes da inicial.", "valid_to")


def _check_filters(row: Campaign | Bracket, choices: FilterChoices) -> None:
    for name, message in (
        ("contract_type_ids", "Tipo de contrato desconhecido ou de outro tipo de credor."),
        ("branch_ids", "Filial desconhecida ou de outro credor."),
    ):
        told = sorted(set(getattr(row, name)))
        if not set(told) <= {pk for pk, _ in choices.of(name)}:
            raise DomainError(message, name)
        setattr(row, name, told)


@transaction.atomic
def save_brackets(
    *,
    campaign: Campaign,
    cash: Sequence[CashBracket] | None = None,
    instalments: Sequence[InstalmentBracket] | None = None,
    actor: User | None,
    seen_at: datetime | None = None,
) -> None:
    """Make the tables of a campaign what is given, whole; None leaves a table as it is.

    Rows with a key are changed, rows without one are new, stored rows not given go. The
    campaign's row is locked first, so that two people who save at once follow one another; the
    second is refused when the campaign is no longer what they saw (`seen_at`).
    """
    locked = _lock(campaign.pk)
    if seen_at is not None and locked.updated_at != seen_at:
        raise DomainError(CHANGED_MEANWHILE)
    choices = filter_choices(locked.creditor)
    changes: trails.Changes = {}
    for table, rows in ((CASH, cash), (INSTALMENTS, instalments)):
        if rows is not None:
            changes |= _replace(locked, table, rows, choices, actor)
    if changes:
        Campaign.objects.filter(pk=locked.pk).update(updated_at=Now())
        log_action("campaign.brackets_saved", locked, actor, agency=locked.agency, changes=changes)


def _replace(
    campaign: Campaign,
    table: Table,
    rows: Sequence[Any],
    choices: FilterChoices,
    actor: User | None,
) -> trails.Changes:
    stored = {row.pk: row for row in table.model.objects.filter(campaign=campaign)}
    if not {row.pk for row in rows} - {None} <= set(stored):
        raise DomainError("Faixa desconhecida: abra a campanha de novo e confira.", table.name)
    for row in rows:
        row.agency, row.campaign = campaign.agency, campaign
        _check_filters(row, choices)
    problems = brackets.problems_of_table([table.values(row) for row in rows])
    if problems:
        raise BracketsRefusedError(table, rows, problems)
    _store(table, stored, rows, actor)
    return trails.table_changes(table.label, stored, rows, table.fields, choices)


def _store(
    table: Table, stored: Mapping[int, Bracket], rows: Sequence[Any], actor: User | None
) -> None:
    """Write what differs; one by one, because each row keeps its own history."""
    gone = [row for pk, row in stored.items() if pk not in {kept.pk for kept in rows}]
    changed = [row for row in rows if not _is_same(table, stored.get(row.pk), row)]
    for row in [*gone, *changed]:
        row._history_user = actor
    for row in gone:
        row.delete()
    for row in changed:
        row.save()


def _is_same(table: Table, stored: Bracket | None, row: Bracket) -> bool:
    return stored is not None and table.values(stored) == table.values(row)


@transaction.atomic
def copy_campaign(
    *,
    campaign: Campaign,
    creditor: Creditor,
    name: str,
    validity: tuple[date, date | None],
    is_active: bool,
    actor: User | None,
) -> Campaign:
    """Copy a campaign with its brackets, for its own or for another creditor.

    Filters by branch name branches of one creditor: a campaign that has some is not copied to
    another, where the same brackets would hold for everything.
    """
    tables = {table: list(table.model.objects.filter(campaign=campaign)) for table in TABLES}
    if creditor.pk != campaign.creditor_id:
        _check_no_branches([campaign, *(row for rows in tables.values() for row in rows)])
    fields = {field: getattr(campaign, field) for field in CAMPAIGN_FIELDS}
    fields |= {"name": name, "creditor": creditor, "is_active": is_active}
    fields |= {"valid_from": validity[0], "valid_to": validity[1]}
    copy = save_campaign(campaign=Campaign(agency=campaign.agency, **fields), actor=actor)
    cash, instalments = ([t.model(**t.values(row)) for row in rows] for t, rows in tables.items())
    save_brackets(campaign=copy, cash=cash, instalments=instalments, actor=actor)
    return copy


def _check_no_branches(rows: Sequence[Campaign | Bracket]) -> None:
    if any(row.branch_ids for row in rows):
        message = (
            "Esta campanha tem filtros por filial, que são deste credor: tire os filtros antes "
            "de copiá-la para outro."
        )
        raise DomainError(message, "creditor")


@transaction.atomic
def delete_campaign(*, campaign: Campaign, actor: User | None) -> None:
    """Delete a campaign that no kept quote names; the others can only be inactivated."""
    locked = _lock(campaign.pk)
    if locked.is_used:
        raise DomainError("Esta campanha já foi usada em cálculos: inative-a em vez de excluir.")
    log_action("campaign.deleted", locked, actor, agency=locked.agency)
    locked._history_user = actor  # type: ignore[attr-defined]
    locked.delete()


def mark_used(campaign_ids: Sequence[int]) -> None:
    """Remember that a quote that is kept names these campaigns; doing it again writes nothing."""
    Campaign.objects.filter(pk__in=campaign_ids, is_used=False).update(is_used=True)
