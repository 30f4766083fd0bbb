"""A person's data taken out of the book for good, once nothing speaks for keeping them.

What is money stays: contracts, installments, payments and agreements of somebody who has no name
any more. A keyed digest of the document stays too, so that the loads recognise the person. They
bring data again only with a new debt, which is a new reason to have them (docs/privacy.md).
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from cobranca.accounts.models import User
from cobranca.audit.services import log_action
from cobranca.common.errors import DomainError, NotFoundError
from cobranca.debtors.changes import ContactChange, announce
from cobranca.debtors.digests import digest_of
from cobranca.debtors.holdings import (
    ROOMS,
    Holding,
    Person,
    holdings,
    lock_for_merging,
    refresh_debtors,
)
from cobranca.debtors.models import Debtor, PrivacyRequest
from cobranca.debtors.own_holdings import NAMELESS
from cobranca.debtors.persons import person_of

WORD = "ANONIMIZAR"
REASON_LIMIT = 200
NO_REASON = "Diga o que foi pedido e por quem."


def objections_to(debtor: Debtor, on: date) -> list[str]:
    """Return, a sentence each, why a debtor cannot be anonymised on a day."""
    if debtor.merged_into_id is not None:
        return ["Este cadastro foi unificado em outro: anonimize o que permaneceu."]
    if debtor.anonymised_at is not None:
        return ["Este titular já foi anonimizado."]
    person = person_of(debtor)
    return [sentence for ask in ROOMS.objections if (sentence := ask(person, on))]


@transaction.atomic
def anonymise_debtor(
    *, debtor_id: int, typed: str, reason: str, actor: User, at: datetime, on: date
) -> PrivacyRequest:
    """Take a debtor's personal data away for good. `typed` must be the word WORD.

    Raises DomainError, and changes nothing, when something speaks against it.
    """
    if typed.strip() != WORD:
        raise DomainError(f"Digite {WORD} para confirmar: não há como desfazer.", "typed")
    why = check_reason(reason)
    debtor = _locked(debtor_id)
    if found := objections_to(debtor, on):
        raise DomainError(" ".join(found))
    person = person_of(debtor)
    _erase(person, at)
    refresh_debtors(person.ids)
    request = PrivacyRequest.objects.create(
        agency_id=debtor.agency_id,
        debtor=debtor,
        kind=PrivacyRequest.Kind.ANONYMISATION,
        reason=why,
        actor=actor,
        at=at,
    )
    debtor.refresh_from_db()
    announce(ContactChange(debtor, "Titular anonimizado", "Dados pessoais apagados.", actor))
    log_action("debtor.anonymised", debtor, actor, agency=debtor.agency)
    return request


def check_reason(told: str) -> str:
    """Return the reason of a request, tidied; DomainError at `reason` without one."""
    words = " ".join(told.split())
    if not words:
        raise DomainError(NO_REASON, "reason")
    if len(words) > REASON_LIMIT:
        raise DomainError(f"Motivo longo demais: até {REASON_LIMIT} letras.", "reason")
    return words


def _locked(debtor_id: int) -> Debtor:
    found = Debtor.objects.filter(pk=debtor_id).first()
    if found is None:
        raise NotFoundError("Devedor não encontrado.")
    merged = Debtor.objects.filter(merged_into=found).values_list("pk", flat=True)
    ids = sorted({found.pk, *merged})
    lock_for_merging(found.agency_id, ids)
    rows = Debtor.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=ids)
    locked = {row.pk: row for row in rows.select_related("agency").order_by("pk")}
    return locked[debtor_id]


def _erase(person: Person, at: datetime) -> None:
    """Empty, then remove, what every room holds; which rows is asked before any is changed."""
    rows = [(each, list(each.rows_of(person).values_list("pk", flat=True))) for each in holdings()]
    with _rewriting():
        for erase in ROOMS.erasers:
            erase(person)
        _nameless(person, at)
        for holding, ids in rows:
            if holding.erased and holding.model != "debtors.debtor":
                _rows(holding, ids).update(**holding.erased)
        for holding, ids in rows:
            if holding.is_removed:
                _rows(holding, ids).delete()


def _rows(holding: Holding, ids: Collection[int]) -> "QuerySet[Any]":
    return holding.table._default_manager.filter(pk__in=ids)


def _nameless(person: Person, at: datetime) -> None:
    erased = dict(ROOMS.holdings["debtors.debtor"].erased)
    for debtor in Debtor.objects.filter(pk__in=person.ids):
        values = {**erased, "name": f"{NAMELESS} {debtor.pk}"}
        values["document_digest"] = digest_of(debtor.document)
        Debtor.objects.filter(pk=debtor.pk).update(**values, anonymised_at=at)


@contextmanager
def _rewriting() -> Iterator[None]:
    """Say aloud to the database that what is append-only is rewritten; nobody else does."""
    _allow_rewriting("on")
    yield  # after an error the transaction is over, and the saying with it
    _allow_rewriting("off")


def _allow_rewriting(word: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('cobranca.allow_rewrite', %s, true)", [word])
