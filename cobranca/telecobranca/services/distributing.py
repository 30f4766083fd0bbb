"""Applying and undoing distributions of debtors among teams and external offices."""

from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from cobranca.accounts.models import Agency, Team, User
from cobranca.audit.services import log_action
from cobranca.common.errors import DomainError, NotFoundError
from cobranca.telecobranca import distribution_sql as sql
from cobranca.telecobranca.distribution import (
    Plan,
    Preview,
    latest_undoable,
    parameters,
    parts_of,
    preview,
)
from cobranca.telecobranca.models import Distribution, DistributionChange
from cobranca.telecobranca.services.handing import hand_reminders

# The first half of the key of the lock; the second is the agency.
LOCK = 0x7E08
CHANGED = (
    "A carteira mudou desde a prévia: nada foi distribuído. Confira a nova prévia e aplique outra "
    "vez."
)


def lock_assignments(agency_id: int) -> None:
    """Make every other change of who works whom in the agency wait for the end of this one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, agency_id % 2**31])


@transaction.atomic
def distribute(
    *, agency: Agency, plan: Plan, digest: str, actor: User, on: date, at: datetime
) -> Distribution:
    """Give the debtors of a plan to its targets, in one statement.

    `digest` is the preview's: should anything go elsewhere than it showed, DomainError and
    nothing happens. Of two supervisors at once, the second meets what the first did.
    """
    lock_assignments(agency.pk)
    follow_debtors(agency_id=agency.pk, at=at)
    seen = preview(agency.pk, plan, on)
    if seen.digest != digest:
        raise DomainError(CHANGED)
    if not seen.contracts:
        raise DomainError("Nada a distribuir: nenhum contrato mudaria de mãos.")
    made = _begin(agency, plan, seen, actor, at)
    values = parameters(agency.pk, plan, on)
    made.contract_count = _run(
        sql.apply(*parts_of(plan)),
        values | {"distribution": made.pk, "actor": actor.pk, "at": at},
    )
    made.save(update_fields=["contract_count"])
    told = _told(made) | _reminders(hand_reminders(agency.pk, made.pk))
    log_action("distribution.applied", made, actor, agency=agency, changes=told)
    return made


def _begin(agency: Agency, plan: Plan, seen: Preview, actor: User, at: datetime) -> Distribution:
    return Distribution.objects.create(
        agency=agency,
        mode=plan.mode,
        criteria=plan.criteria.shown(),
        shares=[share.shown() for share in seen.shares],
        debtor_count=seen.debtors,
        total=seen.total,
        made_by=actor,
        made_at=at,
    )


def _told(made: Distribution) -> dict[str, Any]:
    """Return what the trail says of a distribution."""
    asked = "; ".join(f"{label}: {value}" for label, value in made.criteria.items())
    given = "; ".join(f"{share['label']}: {share['debtors']} devedores" for share in made.shares)
    return {
        "forma": ["", made.get_mode_display()],
        "critérios": ["", asked],
        "partes": ["", given],
        "contratos": ["", str(made.contract_count)],
        "valor": ["", str(made.total)],
    }


def _reminders(passed: int) -> dict[str, list[str]]:
    return {"retornos que foram junto": ["", str(passed)]} if passed else {}


def _run(statement: str, values: dict[str, Any]) -> int:
    """Execute one statement and return the number it answers."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.fetchone()[0])


def follow_debtors(*, agency_id: int, at: datetime) -> int:
    """Give new contracts of debtors whom somebody works to the same hands; return how many."""
    with connection.cursor() as cursor:
        cursor.execute(sql.FOLLOW, {"agency": agency_id, "at": at})
        return cursor.rowcount


@transaction.atomic
def undo_distribution(*, distribution_id: int, actor: User, at: datetime) -> Distribution:
    """Take back the newest distribution: exactly what it changed, where nobody changed it since.

    Raises DomainError for an older one, one already undone, or one whose teams were closed since.
    """
    found = Distribution.objects.select_related("agency").filter(pk=distribution_id).first()
    if found is None:
        raise NotFoundError("Distribuição não encontrada.")
    lock_assignments(found.agency_id)
    last = latest_undoable()
    if last is None or last.pk != found.pk:
        raise DomainError("Só a última distribuição pode ser desfeita.")
    _refuse_closed_teams(last)
    values: dict[str, Any] = {
        "distribution": last.pk,
        "agency": last.agency_id,
        "made_at": last.made_at,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql.FORGET_FOLLOWERS, values)
    last.restored = _run(sql.UNDO, values)
    last.undone_by, last.undone_at = actor, at
    last.save(update_fields=["restored", "undone_by", "undone_at"])
    follow_debtors(agency_id=last.agency_id, at=at)
    changes = {"contratos restaurados": ["", str(last.restored)]}
    changes |= _reminders(hand_reminders(last.agency_id, last.pk))
    log_action("distribution.undone", last, actor, agency=found.agency, changes=changes)
    return last


def _refuse_closed_teams(made: Distribution) -> None:
    before = DistributionChange.objects.filter(distribution=made).values("team_before")
    closed = Team.objects.filter(pk__in=before, is_active=False).order_by("name").first()
    if closed is not None:
        raise DomainError(
            f"Há contratos que voltariam à equipe “{closed}”, que está inativa: ative-a antes."
        )
