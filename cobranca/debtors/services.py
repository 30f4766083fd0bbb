"""Contact data as people of the office keep it.

Whatever a person types, changes or inactivates here has source `user` from then on, and the
loads leave it alone (SIE-25). A number or place that came from the ERP is never overwritten:
it is inactivated and the new one stands beside it, so that the ERP cannot bring it back.

`external_id` names the ERP's customer that has a piece of contact data as it stands here. It is
empty from the moment a person changes it here until the ERP was told (SIE-24).
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from cobranca.accounts.models import User
from cobranca.audit.services import log_action
from cobranca.common import trail
from cobranca.common.errors import DomainError
from cobranca.debtors.changes import ContactChange, announce
from cobranca.debtors.contacts import Contact, ContactKind, Values, kind_of
from cobranca.debtors.models import Debtor, Source

# Actions of the audit trail, as the timeline says them.
WORDS = {
    "added": "incluído",
    "changed": "alterado",
    "inactivated": "inativado",
    "reactivated": "reativado",
}

_ACTIVITY = ("is_active", "is_main", "source", "external_id")


@transaction.atomic
def add_contact(
    *,
    debtor_id: int,
    kind: ContactKind,
    values: Mapping[str, Any],
    actor: User,
    source: Source = Source.USER,
) -> Contact:
    """Add a phone, e-mail or address to a debtor; the first one becomes the main one.

    `source` is a person of the office, or a hygiene of the registrations asked for by one.

    Raises DomainError at the field that is wrong, or when it is already registered.
    """
    debtor = _locked(debtor_id)
    clean = _clean(kind, values)
    _refuse_repeated(debtor, kind, clean)
    contact = kind.model(agency_id=debtor.agency_id, debtor=debtor, source=source, **clean)
    contact.is_main = clean["is_main"] or not _active(debtor, kind).exists()
    _save(contact, kind)
    _tell(contact, kind, "added", actor, kind.show(contact), {})
    return contact


@transaction.atomic
def change_contact(*, contact: Contact, values: Mapping[str, Any], actor: User) -> Contact:
    """Change a phone, e-mail or address: what `values` names; nothing happens if nothing differs.

    Returns the row that holds the new values: another one when the ERP's own was replaced.
    """
    kind = kind_of(contact)
    debtor = _locked(contact.debtor_id)
    contact = _current(contact, kind)
    if not contact.is_active:
        raise DomainError(f"{kind.noun} inativo: reative antes de alterar.", kind.identity_field)
    known = {name: getattr(contact, name) for name in kind.fields}
    clean = _clean(kind, {**known, **values})
    renamed = clean[kind.identity] != getattr(contact, kind.identity)
    if renamed:
        _refuse_repeated(debtor, kind, clean)
    if renamed and contact.source == Source.ERP:
        return _replace(contact, kind, clean, actor)
    return _update(contact, kind, clean, actor)


@transaction.atomic
def set_contact_active(*, contact: Contact, active: bool, actor: User) -> Contact:
    """Inactivate a phone, e-mail or address that does not serve, or take it back."""
    kind = kind_of(contact)
    _locked(contact.debtor_id)
    contact = _current(contact, kind)
    if contact.is_active == active:
        return contact
    contact.is_active = active
    contact.is_main = False
    contact.source, contact.external_id = Source.USER, ""
    contact.save(update_fields=_ACTIVITY)
    changes = {"ativo": ["Não", "Sim"] if active else ["Sim", "Não"]}
    action = "reactivated" if active else "inactivated"
    _tell(contact, kind, action, actor, kind.show(contact), changes)
    return contact


def _locked(debtor_id: int) -> Debtor:
    # One person at a time: the main flag and "already registered" are looked at, then written.
    debtor = Debtor.objects.select_for_update(of=("self",)).get(pk=debtor_id)
    if debtor.merged_into_id is not None:
        raise DomainError("Este devedor foi unificado em outro: abra a página do que permaneceu.")
    return debtor


def _current(contact: Contact, kind: ContactKind) -> Contact:
    return kind.model.objects.select_related("debtor").get(pk=contact.pk)


def _active(debtor: Debtor, kind: ContactKind) -> Any:
    return kind.model.objects.filter(debtor=debtor, is_active=True)


def _clean(kind: ContactKind, values: Mapping[str, Any]) -> Values:
    note = " ".join(str(values.get("note") or "").split())
    if len(note) > 80:
        raise DomainError("Observação longa demais: até 80 letras.", "note")
    return kind.clean(values) | {"note": note, "is_main": bool(values.get("is_main"))}


def _refuse_repeated(debtor: Debtor, kind: ContactKind, clean: Values) -> None:
    same = {kind.identity: clean[kind.identity]}
    found = kind.model.objects.filter(debtor=debtor, **same).first()
    if found is not None:
        state = "" if found.is_active else ", inativo: reative-o na lista"
        raise DomainError(
            f"{kind.noun} já cadastrado para este devedor{state}.", kind.identity_field
        )


def _replace(contact: Contact, kind: ContactKind, clean: Values, actor: User) -> Contact:
    """Put the new value beside the ERP's own, which is inactivated."""
    before = kind.show(contact)
    was_main = contact.is_main
    contact.is_active, contact.is_main = False, False
    contact.source, contact.external_id = Source.USER, ""
    contact.save(update_fields=_ACTIVITY)
    new = kind.model(agency_id=contact.agency_id, debtor=contact.debtor, **clean)
    new.is_main = clean["is_main"] or was_main
    _save(new, kind)
    text = f"{before} → {kind.show(new)}"
    changes = {kind.noun.lower(): [before, kind.show(new)]}
    _tell(new, kind, "changed", actor, text, changes)
    return new


def _update(contact: Contact, kind: ContactKind, clean: Values, actor: User) -> Contact:
    before = trail.snapshot(contact, kind.fields)
    shown = kind.show(contact)
    for name, value in clean.items():
        setattr(contact, name, value)
    changes = trail.differences(before, trail.snapshot(contact, kind.fields))
    if not changes:
        return contact
    contact.source, contact.external_id = Source.USER, ""
    _save(contact, kind)
    now = kind.show(contact)
    text = f"{shown} → {now}" if now != shown else f"{now} ({', '.join(changes)})"
    _tell(contact, kind, "changed", actor, text, changes)
    return contact


def _save(contact: Contact, kind: ContactKind) -> None:
    """Save; there is one main phone, e-mail or address."""
    if contact.is_main:
        others = kind.model.objects.filter(debtor=contact.debtor, is_main=True)
        others.exclude(pk=contact.pk).update(is_main=False)
    contact.save()


def _tell(
    contact: Contact,
    kind: ContactKind,
    action: str,
    actor: User,
    text: str,
    changes: Mapping[str, Any],
) -> None:
    """Leave the change in the audit trail and, through the listener, on the timeline."""
    name = f"{kind.model._meta.model_name}.{action}"
    log_action(name, contact, actor, agency=contact.agency, changes=changes)
    title = f"{kind.noun} {WORDS[action]}"
    announce(ContactChange(contact.debtor, title, text, actor, kind.slug))
