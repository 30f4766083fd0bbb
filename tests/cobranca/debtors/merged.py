"""Two debtors with everything that may hang on one, and the digest of all of it."""

from datetime import UTC, date, datetime
from decimal import Decimal
from random import Random
from typing import Any

from django.db import connection

from cobranca.accounts.models import User
from cobranca.contracts.models import Contract, Event, EventKind
from cobranca.contracts.summary import refresh_summaries
from cobranca.creditors.models import Creditor
from cobranca.debtors.holdings import OnMerge, holdings
from cobranca.debtors.models import (
    Address,
    BlockScope,
    BlockSource,
    ContactBlock,
    Debtor,
    DebtorReference,
    EmailAddress,
    PersonRole,
    Phone,
    PrivacyRequest,
    RelatedPerson,
    Source,
)
from cobranca.debtors.reading import note_reading
from cobranca.dunning.models import Callback, ContactAttempt, ContactRecord, ContactResult, Promise
from cobranca.telecobranca.models import QueueDraw, QueueEntry, WorkQueue
from tests import factories
from tests.cobranca.agreements.making import agree, make_book

NOW = datetime(2026, 3, 16, 15, tzinfo=UTC)
TODAY = date(2026, 3, 16)
# What both may have: each debtor draws some.
NUMBERS = ("48999110001", "48999110002", "48999110003", "4833330004")
EMAILS = ("maria@exemplo.com.br", "m.silva@exemplo.com.br", "compras@exemplo.com.br")
PEOPLE = ("JOSÉ DA SILVA", "ANA DA SILVA")


def furnish(
    debtor: Debtor, creditor: Creditor, actor: User, chance: Random, *, agrees: bool = False
) -> Contract:
    """Give a debtor some of everything; an agreement by chance, unless told."""
    agency = debtor.agency
    code = str(factories.next_number())
    DebtorReference.objects.create(agency=agency, debtor=debtor, system="SIENGE", external_id=code)
    contract = factories.make_contract(creditor, debtor, external_debtor=code)
    make_book(contract, ["1000.00", "1000.00"])
    phones = _contact_data(debtor, code, chance)
    _timeline(debtor, contract, actor)
    _contacts(debtor, contract, actor, phones)
    if agrees or chance.random() < 0.6:
        agree(contract, actor, mode=chance.choice(("active", "proposal")))
    _privacy(debtor, actor)
    queue, _ = WorkQueue.objects.get_or_create(agency=agency, name="Todos")
    QueueEntry.objects.get_or_create(
        debtor=debtor, defaults={"agency": agency, "queue": queue, "rank": chance.randrange(99)}
    )
    QueueDraw.objects.create(
        agency=agency, debtor=debtor, queue=queue, collector=actor, drawn_at=NOW, ended_at=NOW,
        ended_as="worked",
    )  # fmt: skip
    refresh_summaries([debtor.pk])
    summary = debtor.summary
    summary.refresh_from_db()
    summary.last_contact_at = NOW if chance.random() < 0.5 else None
    summary.next_promise_on = date(2026, 3, 20) if chance.random() < 0.5 else None
    summary.save(update_fields=["last_contact_at", "next_promise_on"])
    return contract


def _contact_data(debtor: Debtor, code: str, chance: Random) -> list[Phone]:
    common: dict[str, Any] = {"agency": debtor.agency, "debtor": debtor}
    phones = [
        Phone.objects.create(
            **common, number=number, is_main=place == 0, source=chance.choice(Source.values),
            external_id=chance.choice(("", code)), is_active=chance.random() < 0.8,
        )
        for place, number in enumerate(chance.sample(NUMBERS, 2))
    ]  # fmt: skip
    for place, email in enumerate(chance.sample(EMAILS, 2)):
        EmailAddress.objects.create(**common, email=email, is_main=place == 0)
    for mark in chance.sample(("a", "b", "c"), 2):
        Address.objects.create(**common, street=f"RUA {mark}", fingerprint=mark)
    for name in PEOPLE[: chance.randrange(3)]:
        RelatedPerson.objects.create(**common, role=PersonRole.SPOUSE, name=name)
    if chance.random() < 0.6:
        ContactBlock.objects.create(
            **common, scope=BlockScope.SMS, phone=phones[0], source=BlockSource.DEBTOR,
            starts_on=TODAY,
        )  # fmt: skip
    return phones


def _timeline(debtor: Debtor, contract: Contract, actor: User) -> None:
    for on, who in ((contract, actor), (None, None)):
        Event.objects.create(
            agency=debtor.agency, debtor=debtor, contract=on, kind=EventKind.NOTE,
            text=f"Nota de {debtor.name}", actor=who,
        )  # fmt: skip


def _contacts(debtor: Debtor, contract: Contract, actor: User, phones: list[Phone]) -> None:
    common: dict[str, Any] = {"agency": debtor.agency, "debtor": debtor, "actor": actor}
    result, _ = ContactResult.objects.get_or_create(
        agency=debtor.agency, code="outro", defaults={"label": "Outro"}
    )
    attempt = ContactAttempt.objects.create(
        **common, channel="call", phone=phones[0], at=NOW, is_allowed=True
    )
    record = ContactRecord.objects.create(
        **common, contract=contract, attempt=attempt, channel="call", phone=phones[0],
        result=result, text="Disse que paga", happened_at=NOW,
    )  # fmt: skip
    Promise.objects.create(
        **common, contract=contract, record=record, promised_on=date(2026, 3, 20),
        amount=Decimal(100),
    )  # fmt: skip
    Callback.objects.create(**common, record=record, at=NOW, note="Ligar de tarde")


def _privacy(debtor: Debtor, actor: User) -> None:
    note_reading(debtor.pk, actor, "Página do devedor", NOW)
    PrivacyRequest.objects.create(
        agency=debtor.agency, debtor=debtor, kind="export", reason="Pedido", actor=actor, at=NOW
    )


def digest(*debtors: Debtor) -> dict[str, str]:
    """Return, table by table, a digest of every row of every table that a merge may touch.

    What merging and undoing say of themselves is left out.
    """
    found = {}
    for holding in holdings():
        if holding.on_merge == OnMerge.FOLLOWS or holding.model == "debtors.debtormerge":
            continue
        table = holding.table._meta.db_table
        own = " WHERE title NOT IN ('Unificação de devedores', 'Unificação desfeita')"
        only = own if holding.model == "contracts.event" else ""
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT count(*) || md5(string_agg(t::text, '|' ORDER BY t::text))"
                f" FROM {table} t{only}"
            )
            found[holding.model] = cursor.fetchone()[0]
    return found
