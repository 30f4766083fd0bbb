"""What this room and those below it hold about persons."""

from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet

from cobranca.debtors.holdings import (
    DataClass,
    Find,
    Holding,
    Later,
    OnMerge,
    Parting,
    Person,
    hold,
    keep_out,
)

NAMELESS = "Anonimizado"
_UNWRITTEN = ("agency", "fingerprint", "search", "document_digest")


def _written_since(model: str) -> Later:
    """Return what finds the contact data that ERPs told, since a merge, of the second's codes."""

    def later(parting: Parting) -> "QuerySet[Any]":
        since: dict[str, datetime] = {"created_at__gt": parting.merged_at}
        codes = [code for _, code in parting.customers]
        rows = apps.get_model(model)._default_manager.filter(debtor=parting.kept_id, **since)
        return rows.filter(source="erp", external_id__in=codes)

    return later


def _codes_since(parting: Parting) -> "QuerySet[Any]":
    rows = apps.get_model("debtors.debtorreference")._default_manager
    wanted = Q(pk__in=())
    for system, code in parting.customers:
        wanted |= Q(system=system, external_id=code)
    return rows.filter(wanted, debtor=parting.kept_id)


def _contact(model: str, identity: str) -> Holding:
    return Holding(
        model,
        DataClass.CONTACT,
        on_merge=OnMerge.UNITES,
        identity=(identity,),
        flag="is_main",
        later=_written_since(model),
        hidden=_UNWRITTEN,
        is_removed=True,
    )


def _trail(person: Person) -> "QuerySet[Any]":
    """Return the trail of a person's registration and of each piece of contact data."""
    trail = apps.get_model("audit.auditentry")._default_manager.filter(agency=person.agency_id)
    wanted = Q(object_type="debtors.debtor", object_id__in=[str(pk) for pk in person.ids])
    for name in ("phone", "emailaddress", "address", "relatedperson", "contactblock"):
        rows = apps.get_model(f"debtors.{name}")._default_manager.filter(debtor__in=person.ids)
        keys = [str(pk) for pk in rows.values_list("pk", flat=True)]
        wanted |= Q(object_type=f"debtors.{name}", object_id__in=keys)
    merges = apps.get_model("debtors.debtormerge")._default_manager.filter(
        Q(kept__in=person.ids) | Q(gone__in=person.ids)
    )
    keys = [str(pk) for pk in merges.values_list("pk", flat=True)]
    return trail.filter(wanted | Q(object_type="debtors.debtormerge", object_id__in=keys))


def _merges(person: Person) -> "QuerySet[Any]":
    rows = apps.get_model("debtors.debtormerge")._default_manager
    return rows.filter(Q(kept__in=person.ids) | Q(gone__in=person.ids)).order_by("pk")


def _distinct_pairs(person: Person) -> "QuerySet[Any]":
    rows = apps.get_model("debtors.distinctpair")._default_manager
    return rows.filter(Q(first__in=person.ids) | Q(second__in=person.ids)).order_by("pk")


def _registrations(person: Person) -> "QuerySet[Any]":
    return apps.get_model("debtors.debtor")._default_manager.filter(pk__in=person.ids)


def _deliveries(person: Person) -> "QuerySet[Any]":
    rows = apps.get_model("outbox.outboxevent")._default_manager
    return rows.filter(payload__debtor__in=person.ids).order_by("pk")


_find: dict[str, Find] = {
    "debtors.debtor": _registrations,
    "debtors.debtormerge": _merges,
    "debtors.distinctpair": _distinct_pairs,
    "audit.auditentry": _trail,
    "outbox.outboxevent": _deliveries,
}


def install() -> None:
    """Make the tables known."""
    hold(*_registration(), *_contacts(), *_records())
    keep_out(
        DataClass.STAFF,
        "accounts.user",
        "accounts.team",
        "accounts.idempotencyrecord",
        "scheduling.taskrun",
        "scheduling.scheduledtask",
    )
    keep_out(
        DataClass.COMPANY,
        "accounts.agency",
        "creditors.creditor",
        "creditors.historicalcreditor",
        "creditors.branch",
        "creditors.historicalbranch",
    )
    keep_out(
        DataClass.SETTINGS,
        "scheduling.holiday",
        "creditors.contracttype",
        "creditors.contracttypeattribute",
        "creditors.creditortypeactivation",
        "creditors.parametervalue",
    )


def _registration() -> tuple[Holding, ...]:
    return (
        Holding(
            "debtors.debtor",
            DataClass.REGISTRATION,
            owner="merged_into",
            on_merge=OnMerge.MOVES,
            hidden=_UNWRITTEN,
            find=_find["debtors.debtor"],
            erased={
                "name": NAMELESS,
                "document": "",
                "social_name": "",
                "birth_date": None,
                "details": {},
            },
        ),
        Holding(
            "debtors.debtorreference",
            DataClass.REGISTRATION,
            on_merge=OnMerge.MOVES,
            stamp="merged_from",
            later=_codes_since,
            hidden=_UNWRITTEN,
            is_removed=True,
        ),
        Holding(
            "debtors.debtorsummary",
            DataClass.REGISTRATION,
            on_merge=OnMerge.STAYS,
            hidden=_UNWRITTEN,
        ),
    )


def _contacts() -> tuple[Holding, ...]:
    return (
        _contact("debtors.phone", "number"),
        _contact("debtors.emailaddress", "email"),
        _contact("debtors.address", "fingerprint"),
        Holding(
            "debtors.relatedperson",
            DataClass.CONTACT,
            on_merge=OnMerge.UNITES,
            identity=("role", "name"),
            hidden=_UNWRITTEN,
            is_removed=True,
        ),
        Holding(
            "debtors.contactblock",
            DataClass.CONTACT_LOG,
            on_merge=OnMerge.MOVES,
            hidden=_UNWRITTEN,
            erased={"reason": "", "phone": None},
        ),
    )


def _records() -> tuple[Holding, ...]:
    return (
        Holding(
            "debtors.debtorreading", DataClass.PRIVACY, on_merge=OnMerge.MOVES, hidden=_UNWRITTEN
        ),
        Holding(
            "debtors.debtormerge",
            DataClass.PRIVACY,
            owner="kept",
            on_merge=OnMerge.STAYS,
            hidden=(*_UNWRITTEN, "moved"),
            find=_find["debtors.debtormerge"],
            erased={"moved": {}, "reason": ""},
        ),
        # Who is whom is said of these two registrations: it stays with them, as it was said.
        Holding(
            "debtors.distinctpair",
            DataClass.PRIVACY,
            owner="first",
            on_merge=OnMerge.STAYS,
            hidden=_UNWRITTEN,
            find=_find["debtors.distinctpair"],
        ),
        Holding(
            "debtors.privacyrequest", DataClass.PRIVACY, on_merge=OnMerge.MOVES, hidden=_UNWRITTEN
        ),
        Holding(
            "audit.auditentry",
            DataClass.TRAIL,
            owner="",
            find=_find["audit.auditentry"],
            hidden=_UNWRITTEN,
            erased={"object_label": NAMELESS, "changes": {}},
        ),
        Holding(
            "outbox.outboxevent",
            DataClass.TRAFFIC,
            owner="",
            find=_find["outbox.outboxevent"],
            hidden=_UNWRITTEN,
        ),
    )
