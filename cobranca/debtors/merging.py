"""Two debtors found to be one person become one, and become two again when that was wrong.

All that hangs on the second moves to the first, in one transaction, under the locks of everybody
who could write there meanwhile. What moved is remembered row by row. The second stays as an empty
registration that leads to the first: its document and its codes in the ERPs go on being known.
"""

import json
from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from django.db import connection, transaction
from django.db.models.functions import Now

from cobranca.accounts.models import User
from cobranca.audit.services import log_action
from cobranca.common.documents import format_document
from cobranca.common.errors import DomainError, NotFoundError
from cobranca.debtors import moving
from cobranca.debtors.changes import ContactChange, announce
from cobranca.debtors.holdings import (
    ROOMS,
    Change,
    Holding,
    OnMerge,
    Parting,
    holdings,
    lock_for_merging,
    refresh_debtors,
)
from cobranca.debtors.models import ContactBlock, Debtor, DebtorMerge, DebtorReference, Phone

REASON_LIMIT = 200
MOVING = (OnMerge.MOVES, OnMerge.UNITES)


@transaction.atomic
def merge_debtors(*, kept_id: int, gone_id: int, actor: User, reason: str = "") -> DebtorMerge:
    """Make one debtor of two: everything of `gone` is `kept`'s from now on.

    Raises DomainError, and moves nothing, when they are one already, when one is anonymised, when
    their contracts cannot stand side by side, or while a load is being written.
    """
    why = _reason(reason)
    kept, gone = _locked(kept_id, gone_id)
    _check_pair(kept, gone)
    changes = _prepared(kept, gone)
    away = {each.model: moving.read_out(each, gone.pk) for each in _hanging(OnMerge.PUT_AWAY)}
    # First of all: the database lets rows follow only those whom this names.
    Debtor.objects.filter(pk=gone.pk).update(merged_into=kept.pk)
    moved: dict[str, list[int]] = {}
    for holding in _hanging(*MOVING):
        ids = moving.move(holding, gone.pk, kept.pk)
        moved[holding.model] = ids
        changes += moving.lower_flags(holding, kept.pk, ids)
    for holding in _hanging(OnMerge.PUT_AWAY):
        moving.take_out(holding, gone.pk)
    merge = DebtorMerge.objects.create(
        agency_id=kept.agency_id,
        kept=kept,
        gone=gone,
        reason=why,
        merged_by=actor,
        moved={"rows": moved, "changes": [asdict(each) for each in changes], "away": away},
    )
    refresh_debtors([kept.pk, gone.pk])
    _tell(merge, kept, gone, actor, "merged")
    return merge


@transaction.atomic
def undo_merge(*, merge_id: int, actor: User) -> DebtorMerge:
    """Make two debtors of one again, each with what was theirs.

    What came since stays with whom it belongs by its contract; what has none stays with the one
    who was kept. Raises DomainError when it was undone, when the one who was kept was merged or
    anonymised meanwhile, or when an agreement joins contracts of both.
    """
    told = DebtorMerge.objects.filter(pk=merge_id).first()
    if told is None:
        raise NotFoundError("Unificação não encontrada.")
    kept, gone = _locked(told.kept_id, told.gone_id)
    merge = DebtorMerge.objects.select_for_update(of=("self",)).get(pk=merge_id)
    _check_undoing(merge, kept, gone)
    parting = _parting(merge)
    contracts = _contracts_of(parting, merge.moved["rows"])
    _refuse_obstacles(ask(kept.pk, contracts) for ask in ROOMS.undo_obstacles)
    for holding in _hanging(*MOVING):
        ids = _going_back(holding, parting, contracts, merge.moved["rows"])
        moving.move(holding, kept.pk, gone.pk, ids)
    Debtor.objects.filter(pk=gone.pk).update(merged_into=None)
    for change in reversed(_changes(merge)):
        moving.change(change, _holding(change.model).table, is_back=True)
    _put_back(merge)
    merge.undone_by, merge.undone_at = actor, Now()
    merge.save(update_fields=["undone_by", "undone_at"])
    refresh_debtors([kept.pk, gone.pk])
    _tell(merge, kept, gone, actor, "unmerged")
    return merge


def gather_strays() -> int:
    """Move what was written for one who is gone by a transaction that began before the merge."""
    found = 0
    with connection.cursor() as cursor:
        for holding in _hanging(OnMerge.MOVES):
            if holding.model != "debtors.debtor":
                cursor.execute(STRAYS.format(**moving.names_of(holding)))
                found += cursor.rowcount
    return found


STRAYS = """
UPDATE {table} t SET {column} = d.merged_into_id FROM debtors_debtor d
WHERE d.merged_into_id IS NOT NULL AND t.{column} = d.id
"""


# --- merging --------------------------------------------------------------------------------------


def _reason(told: str) -> str:
    words = " ".join(told.split())
    if len(words) > REASON_LIMIT:
        raise DomainError(f"Motivo longo demais: até {REASON_LIMIT} letras.", "reason")
    return words


def _locked(kept_id: int, gone_id: int) -> tuple[Debtor, Debtor]:
    """Lock both, and before them all that others lock before debtors; NotFoundError if missing."""
    first = Debtor.objects.filter(pk=kept_id).values_list("agency_id", flat=True).first()
    if first is None:
        raise NotFoundError("Devedor não encontrado.", "kept")
    lock_for_merging(first, sorted({kept_id, gone_id}))
    pair = Debtor.objects.select_for_update(of=("self",), no_key=True).select_related("agency")
    found = {row.pk: row for row in pair.filter(pk__in=(kept_id, gone_id)).order_by("pk")}
    if gone_id not in found:
        raise NotFoundError("Devedor não encontrado.", "gone")
    return found[kept_id], found[gone_id]


def _check_pair(kept: Debtor, gone: Debtor) -> None:
    if kept.pk == gone.pk:
        raise DomainError("Escolha dois cadastros diferentes.", "gone")
    for each, field in ((kept, "kept"), (gone, "gone")):
        if each.merged_into_id is not None:
            raise DomainError(f"{each.name} já foi unificado em outro cadastro.", field)
        if each.anonymised_at is not None:
            raise DomainError("Um cadastro anonimizado não se unifica.", field)
    _refuse_obstacles(ask(kept.pk, gone.pk) for ask in ROOMS.obstacles)


def _refuse_obstacles(told: Any) -> None:
    if found := [sentence for sentence in told if sentence]:
        raise DomainError(" ".join(found))


def _prepared(kept: Debtor, gone: Debtor) -> list[Change]:
    """Change what keeps rows from standing side by side, and give `kept` what it lacks."""
    changes = [each for prepare in ROOMS.preparations for each in prepare(kept.pk, gone.pk)]
    if gone.document and not kept.document:
        # Two may not have one document: in this order.
        changes.append(Change("debtors.debtor", gone.pk, "document", gone.document, ""))
        changes.append(Change("debtors.debtor", kept.pk, "document", "", gone.document))
    changes += _united_summary(kept.pk, gone.pk) + _blocks_of_same_numbers(kept.pk, gone.pk)
    for each in changes:
        moving.change(each, _holding(each.model).table)
    return changes


_SUMMARY = """
SELECT row_to_json(k), row_to_json(g),
       json_build_object('last_contact_at', greatest(k.last_contact_at, g.last_contact_at),
                         'next_promise_on', least(k.next_promise_on, g.next_promise_on),
                         'is_blocked', k.is_blocked OR g.is_blocked)
FROM debtors_debtorsummary k, debtors_debtorsummary g
WHERE k.debtor_id = %(kept)s AND g.debtor_id = %(gone)s
"""
_NOTHING = {"last_contact_at": None, "next_promise_on": None, "is_blocked": False}


def _united_summary(kept: int, gone: int) -> list[Change]:
    """Say of `kept` what either says of contacts, promises and blocks; of `gone`, nothing."""
    changes = []
    for ours, theirs, both in moving.rows(_SUMMARY, {"kept": kept, "gone": gone}):
        for column, nothing in _NOTHING.items():
            told = Change("debtors.debtorsummary", kept, column, ours[column], both[column])
            emptied = Change("debtors.debtorsummary", gone, column, theirs[column], nothing)
            changes += [each for each in (told, emptied) if each.before != each.after]
    return changes


def _blocks_of_same_numbers(kept: int, gone: int) -> list[Change]:
    """Point blocks of a number that both have to the kept one's: the other's stays behind."""
    numbers = dict(Phone.objects.filter(debtor=kept).values_list("number", "pk"))
    blocks = ContactBlock.objects.filter(debtor=gone, phone__number__in=numbers)
    told = blocks.order_by("pk").values_list("pk", "phone", "phone__number")
    return [
        Change("debtors.contactblock", block, "phone_id", phone, numbers[number])
        for block, phone, number in told
    ]


# --- undoing --------------------------------------------------------------------------------------


def _check_undoing(merge: DebtorMerge, kept: Debtor, gone: Debtor) -> None:
    if merge.undone_at is not None:
        raise DomainError("Esta unificação já foi desfeita.")
    if kept.merged_into_id is not None:
        raise DomainError(f"{kept.name} foi unificado em outro depois: desfaça aquela antes.")
    if kept.anonymised_at is not None:
        raise DomainError("O cadastro que permaneceu foi anonimizado: não há o que separar.")
    if gone.merged_into_id != kept.pk:
        raise DomainError("O cadastro unificado já não leva a este: nada foi desfeito.")


def _parting(merge: DebtorMerge) -> Parting:
    """Say who is told apart: the second has the codes that came with it, or by it since."""
    rows = merge.moved["rows"]
    before = [merge.gone_id, *rows.get("debtors.debtor", [])]
    codes = DebtorReference.objects.filter(debtor=merge.kept_id)
    own = codes.filter(pk__in=rows.get("debtors.debtorreference", []))
    found = (own | codes.filter(merged_from__in=before)).values_list("system", "external_id")
    return Parting(merge.kept_id, merge.gone_id, merge.merged_at, tuple(found))


def _contracts_of(parting: Parting, rows: dict[str, list[int]]) -> set[int]:
    holding = _holding("contracts.contract") if "contracts.contract" in ROOMS.holdings else None
    if holding is None:
        return set()
    recorded = holding.table._default_manager.filter(
        pk__in=rows.get(holding.model, []), debtor=parting.kept_id
    )
    return {*recorded.values_list("pk", flat=True), *_later(holding, parting)}


def _going_back(
    holding: Holding, parting: Parting, contracts: Collection[int], rows: dict[str, list[int]]
) -> set[int]:
    if holding.model == "contracts.contract":
        return set(contracts)
    ids = {*rows.get(holding.model, []), *_later(holding, parting)}
    if holding.contract and contracts:
        ours = holding.table._default_manager.filter(**{holding.owner: parting.kept_id})
        by_contract = ours.filter(**{f"{holding.contract}__in": contracts})
        ids |= set(by_contract.values_list("pk", flat=True))
    return ids


def _later(holding: Holding, parting: Parting) -> set[int]:
    if holding.later is None:
        return set()
    return set(holding.later(parting).values_list("pk", flat=True))


def _changes(merge: DebtorMerge) -> list[Change]:
    return [Change(**told) for told in merge.moved["changes"]]


def _put_back(merge: DebtorMerge) -> None:
    for model, rows in merge.moved["away"].items():
        holding = _holding(model)
        for row in rows:
            moving.put_back(holding, json.dumps({**row, **holding.restored}))


# --- both -----------------------------------------------------------------------------------------


def _hanging(*kinds: OnMerge) -> list[Holding]:
    return [each for each in holdings() if each.hangs and each.on_merge in kinds]


def _holding(model: str) -> Holding:
    return ROOMS.holdings[model]


_SAID = {
    "merged": ("Unificação de devedores", "{} passou a fazer parte deste cadastro."),
    "unmerged": ("Unificação desfeita", "{} voltou a ter cadastro próprio."),
}


def _tell(merge: DebtorMerge, kept: Debtor, gone: Debtor, actor: User, what: str) -> None:
    """Say it on the timeline of the one who was kept, and in the audit trail."""
    title, text = _SAID[what]
    who = " · ".join(filter(None, (gone.name, format_document(gone.document))))
    announce(ContactChange(kept, title, text.format(who), actor))
    pair = {
        "permaneceu": ["", str(kept)],
        "unificado": ["", str(gone)],
        "motivo": ["", merge.reason],
    }
    log_action(f"debtor.{what}", merge, actor, agency=kept.agency, changes=pair)
