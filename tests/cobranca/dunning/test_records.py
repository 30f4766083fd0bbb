"""A contact is recorded with all that follows from it, or not at all."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from cobranca.audit.models import AuditEntry
from cobranca.common.errors import DomainError
from cobranca.contracts import erp
from cobranca.contracts.models import Event
from cobranca.debtors.models import Debtor, DebtorSummary, Phone
from cobranca.dunning.models import Callback, ContactAttempt, ContactRecord, Promise
from cobranca.dunning.services import (
    CallbackWanted,
    Contacted,
    ContactRefusedError,
    PromiseGiven,
    attempt_contact,
    cancel_callback,
    cancel_promise,
    finish_callback,
    record_contact,
    reschedule_callback,
)
from cobranca.outbox.models import OutboxEvent
from tests import factories
from tests.cobranca.dunning.conftest import NOW, TODAY

FRIDAY = date(2026, 3, 13)
AT_NIGHT = NOW + timedelta(hours=10)


class Listening(erp.ErpGateway):
    """An ERP that wants to know of phones."""

    @property
    def can_push_contacts(self) -> bool:
        return True


@pytest.fixture
def listening(monkeypatch) -> None:
    monkeypatch.setattr(erp, "_resolvers", [lambda creditor: Listening()])


@pytest.fixture
def tell(debtor, collector, results, contract, phone):
    """Record a contact by its result's code, with what else is told."""

    def record(code: str, at: datetime = NOW, **told: Any) -> ContactRecord:
        contacted = Contacted(result=results[code], **{"phone": phone} | told)
        return record_contact(debtor=debtor, told=contacted, actor=collector, at=at)

    return record


def summary_of(debtor: Debtor) -> DebtorSummary:
    return DebtorSummary.objects.get(debtor=debtor)


def promise(amount: str = "500.00", on: date = FRIDAY) -> PromiseGiven:
    return PromiseGiven(on, Decimal(amount))


# --- what is recorded -----------------------------------------------------------------------------


def test_a_call_leaves_a_record_an_event_a_trail_and_the_summary(tell, debtor, phone, collector):
    record = tell("recado", text="  Falei com a irmã.  ")

    assert (record.channel, record.direction, record.text) == ("call", "out", "Falei com a irmã.")
    assert (record.phone, record.actor, record.happened_at) == (phone, collector, NOW)
    assert record.attempt.is_allowed
    event = Event.objects.get(kind="contact")
    assert event.title == "Ligação: Deixou recado"
    assert event.text == "(11) 98765-4321\nFalei com a irmã."
    assert event.actor == collector
    assert AuditEntry.objects.get(action="contact.recorded").object_id == str(record.pk)
    assert summary_of(debtor).last_contact_at == NOW


def test_a_permission_asked_for_before_is_the_one_used(tell, debtor, collector, phone):
    attempt = attempt_contact(debtor=debtor, channel="call", at=NOW, actor=collector, phone=phone)

    record = tell("falou", at=NOW + timedelta(minutes=9), attempt=attempt, phone=None)

    assert record.attempt == attempt
    assert (record.phone, record.happened_at) == (phone, NOW)
    assert ContactAttempt.objects.count() == 1


def test_a_contact_that_the_debtor_made_needs_no_permission(tell, debtor):
    record = tell("falou", at=AT_NIGHT, direction="in", phone=None)

    assert record.attempt is None
    assert Event.objects.get(kind="contact").title == "Ligação recebida: Falou com o devedor"
    assert summary_of(debtor).last_contact_at == AT_NIGHT


def test_an_older_contact_told_later_does_not_become_the_last(tell, debtor):
    tell("falou", direction="in")
    tell("falou", direction="in", at=NOW - timedelta(days=1))

    assert summary_of(debtor).last_contact_at == NOW


def test_a_wrong_number_is_inactivated_and_the_erp_told(tell, debtor, phone, listening):
    tell("numero-errado")

    phone.refresh_from_db()
    assert not phone.is_active
    titles = set(Event.objects.values_list("title", flat=True))
    assert titles == {"Ligação: Número errado", "Telefone inativado"}
    assert OutboxEvent.objects.get().topic == "debtor.contacts_changed"


# --- what is refused ------------------------------------------------------------------------------


def test_a_refused_contact_is_kept_as_refused_and_recorded_as_nothing(tell, debtor):
    with pytest.raises(ContactRefusedError) as refused:
        tell("falou", at=AT_NIGHT)

    assert refused.value.message == refused.value.attempt.reason
    assert not ContactAttempt.objects.get().is_allowed
    assert not ContactRecord.objects.exists()
    assert not Event.objects.exists()
    assert summary_of(debtor).last_contact_at is None


@pytest.mark.parametrize(
    ("code", "told", "field", "said"),
    [
        pytest.param("promessa", {}, "promised_on", "para quando e quanto", id="no promise"),
        pytest.param("falou", {"promise": promise()}, "result", "não leva", id="a promise"),
        pytest.param("pediu-retorno", {}, "callback_at", "quando retornar", id="no callback"),
        pytest.param("numero-errado", {"phone": None, "direction": "in"}, "phone", "qual telefone",
                     id="no number"),
        pytest.param("falou", {"text": "x" * 4001}, "text", "4000", id="too long"),
    ],
)  # fmt: skip
def test_what_contradicts_itself_is_refused_before_anything_is_asked(tell, code, told, field, said):
    with pytest.raises(DomainError, match=said) as refused:
        tell(code, **told)

    assert refused.value.field == field
    assert not ContactAttempt.objects.exists()


def test_a_permission_serves_one_record(tell, debtor, collector, phone):
    attempt = attempt_contact(debtor=debtor, channel="call", at=NOW, actor=collector, phone=phone)
    tell("falou", attempt=attempt)

    with pytest.raises(DomainError, match="já foi registrado"):
        tell("falou", attempt=attempt)


def test_a_permission_of_the_morning_does_not_serve_in_the_evening(tell, debtor, collector, phone):
    attempt = attempt_contact(debtor=debtor, channel="call", at=NOW, actor=collector, phone=phone)

    with pytest.raises(DomainError, match="mais de 4 horas"):
        tell("falou", attempt=attempt, at=NOW + timedelta(hours=4, seconds=1))


def test_a_colleagues_permission_does_not_serve(tell, debtor, supervisor, phone):
    attempt = attempt_contact(debtor=debtor, channel="call", at=NOW, actor=supervisor, phone=phone)

    with pytest.raises(DomainError, match="é de outro"):
        tell("falou", attempt=attempt)


def test_a_refused_permission_does_not_serve(tell, debtor, collector, phone):
    at = AT_NIGHT
    attempt = attempt_contact(debtor=debtor, channel="call", at=at, actor=collector, phone=phone)

    with pytest.raises(ContactRefusedError):
        tell("falou", attempt=attempt, at=at)


def test_what_is_another_debtors_is_refused(tell, in_scope, creditor):
    other = factories.make_debtor(in_scope)
    phone = Phone.objects.create(agency=in_scope, debtor=other, number="11911112222")
    contract = factories.make_contract(creditor, other)

    for field, row in (("phone", phone), ("contract", contract)):
        with pytest.raises(DomainError) as refused:
            tell("falou", **{field: row})
        assert refused.value.field == field


def test_a_result_out_of_use_is_refused(tell, results):
    results["falou"].is_active = False

    with pytest.raises(DomainError, match="não está em uso"):
        tell("falou")


# --- promises -------------------------------------------------------------------------------------


def test_a_promise_is_kept_with_its_record(tell, debtor, contract, collector):
    record = tell("promessa", promise=promise(), contract=contract)

    made = Promise.objects.get()
    assert (made.record, made.contract, made.actor, made.made_on) == (
        record, contract, collector, TODAY,
    )  # fmt: skip
    assert (made.promised_on, made.amount, made.status) == (FRIDAY, Decimal("500.00"), "open")
    assert Event.objects.get().text.endswith("Promessa: R$ 500,00 em 13/03/2026")
    assert summary_of(debtor).next_promise_on == FRIDAY


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        pytest.param(promise(on=date(2026, 3, 9)), "promised_on", "já passou", id="yesterday"),
        pytest.param(promise(on=date(2026, 4, 10)), "promised_on", "até 09/04/2026", id="31 days"),
        pytest.param(promise("0.00"), "amount", "acima de R\\$ 0,00", id="nothing"),
        pytest.param(promise("10.005"), "amount", "reais e centavos", id="half a centavo"),
        pytest.param(promise("2000.01"), "amount", "até R\\$ 2.000,00", id="more than is owed"),
    ],
)
def test_a_promise_that_cannot_be_is_refused_at_its_field(tell, debtor, given, field, said):
    with pytest.raises(DomainError, match=said) as refused:
        tell("promessa", promise=given)

    assert refused.value.field == field
    assert not ContactRecord.objects.exists()
    assert summary_of(debtor).next_promise_on is None


def test_charges_may_be_promised_too(tell, creditor):
    factories.make_cash_bracket(factories.make_campaign(creditor))
    # R$ 1.000,00 late 31 days: 20,00 + 10,33 and 10 % of it; R$ 1.000,00 not due yet.
    with pytest.raises(DomainError, match="até R\\$ 2.133,36"):
        tell("promessa", promise=promise("2133.37"))

    tell("promessa", promise=promise("2133.36"), at=NOW + timedelta(hours=1))

    assert Promise.objects.get().amount == Decimal("2133.36")


def test_a_second_promise_fits_beside_the_first(tell):
    tell("promessa", promise=promise("1500.00"), direction="in")

    with pytest.raises(DomainError, match="até R\\$ 500,00, além da promessa já em aberto"):
        tell("promessa", promise=promise("500.01"), direction="in")
    tell("promessa", promise=promise("500.00"), direction="in")
    with pytest.raises(DomainError, match="cancele-a antes"):
        tell("promessa", promise=promise("0.01"), direction="in")


def test_who_owes_nothing_promises_nothing(tell, contract):
    contract.installments.update(status="settled", balance=0)
    DebtorSummary.objects.update(open_total=0)

    with pytest.raises(DomainError, match="Não há nada a pagar"):
        tell("promessa", promise=promise())


def test_the_promise_of_a_contract_is_measured_by_that_contract(tell, creditor, debtor, contract):
    other = factories.make_contract(creditor, debtor)
    factories.make_installment(other, principal=Decimal("300.00"))

    with pytest.raises(DomainError, match="até R\\$ 300,00"):
        tell("promessa", promise=promise("301.00"), contract=other)


def test_a_promise_is_called_off_with_a_reason(tell, debtor, supervisor):
    tell("promessa", promise=promise())
    made = Promise.objects.get()

    cancel_promise(promise_id=made.pk, reason=" Fez acordo. ", actor=supervisor, on=TODAY)

    made.refresh_from_db()
    assert (made.status, made.reason, made.settled_on) == ("cancelled", "Fez acordo.", TODAY)
    assert Event.objects.get(title="Promessa cancelada").actor == supervisor
    assert summary_of(debtor).next_promise_on is None
    with pytest.raises(DomainError, match="“Cancelada”"):
        cancel_promise(promise_id=made.pk, reason="De novo", actor=supervisor, on=TODAY)


def test_a_promise_is_not_called_off_without_a_reason(tell, supervisor):
    tell("promessa", promise=promise())

    with pytest.raises(DomainError, match="Diga por que") as refused:
        cancel_promise(promise_id=Promise.objects.get().pk, reason="  ", actor=supervisor, on=TODAY)

    assert refused.value.field == "reason"


# --- callbacks ------------------------------------------------------------------------------------

IN_AN_HOUR = NOW + timedelta(hours=1)


def test_a_callback_is_scheduled_with_whoever_records_it(tell, collector):
    tell("pediu-retorno", callback=CallbackWanted(IN_AN_HOUR, note="  Depois do  almoço "))

    made = Callback.objects.get()
    assert (made.at, made.assigned_to, made.note) == (IN_AN_HOUR, collector, "Depois do almoço")
    assert "Retorno: 10/03/2026 15:00, com caio" in Event.objects.get().text


@pytest.mark.parametrize(
    ("at", "said"),
    [(NOW, "no futuro"), (NOW + timedelta(days=181), "até 180 dias")],
    ids=["now", "too far ahead"],
)
def test_a_callback_lies_in_the_near_future(tell, at, said):
    with pytest.raises(DomainError, match=said) as refused:
        tell("pediu-retorno", callback=CallbackWanted(at))

    assert refused.value.field == "callback_at"
    assert not ContactRecord.objects.exists()


def test_a_callback_is_nobodys_of_another_office(tell, stranger):
    with pytest.raises(DomainError, match="desta assessoria") as refused:
        tell("pediu-retorno", callback=CallbackWanted(IN_AN_HOUR, stranger))

    assert refused.value.field == "assigned_to"


def test_a_callback_is_put_off_and_handed_over(tell, supervisor):
    tell("pediu-retorno", callback=CallbackWanted(IN_AN_HOUR))
    made = Callback.objects.get()
    later = IN_AN_HOUR + timedelta(days=1)

    reschedule_callback(
        callback_id=made.pk, to=later, assigned_to=supervisor, actor=supervisor, at=NOW
    )

    made.refresh_from_db()
    assert (made.at, made.assigned_to, made.status) == (later, supervisor, "waiting")
    trail = AuditEntry.objects.get(action="callback.rescheduled")
    assert trail.changes["quando"] == ["10/03/2026 15:00", "11/03/2026 15:00"]


@pytest.mark.parametrize(
    ("close", "status"), [(finish_callback, "done"), (cancel_callback, "cancelled")]
)
def test_a_callback_ends_once(tell, collector, close, status):
    tell("pediu-retorno", callback=CallbackWanted(IN_AN_HOUR))
    made = Callback.objects.get()

    close(callback_id=made.pk, actor=collector, at=IN_AN_HOUR)

    made.refresh_from_db()
    assert (made.status, made.done_at) == (status, IN_AN_HOUR)
    with pytest.raises(DomainError, match="não pode passar"):
        close(callback_id=made.pk, actor=collector, at=IN_AN_HOUR)
    with pytest.raises(DomainError, match="já foi encerrado"):
        reschedule_callback(
            callback_id=made.pk, to=IN_AN_HOUR + timedelta(days=1), actor=collector, at=NOW
        )
