"""What the traffic with ERPs holds about persons: raw requests, answers and rows of theirs."""

from typing import Any

from django.db.models import CharField, F, Func, Q, QuerySet, Value

from cobranca.common.documents import format_document
from cobranca.common.masking import MASK
from cobranca.contracts.models import Contract
from cobranca.debtors.holdings import ROOMS, DataClass, Holding, Person, hold, keep_out
from integrations.core.models import ImportIssue, IntegrationLog, WebhookDelivery

HIDDEN = ("agency",)


def _titles(person: Person) -> list[str]:
    own = Contract.objects.filter(debtor__in=person.ids).exclude(external_id="")
    return list(own.values_list("external_id", flat=True))


def logs_of(person: Person) -> "QuerySet[Any]":
    """Return the calls about a person's titles."""
    return IntegrationLog.objects.filter(contract__in=_titles(person)).order_by("pk")


def deliveries_of(person: Person) -> "QuerySet[Any]":
    """Return what ERPs told of a person or of their titles."""
    told = Q(contract__in=_titles(person)) | Q(customer__in=person.customers)
    return WebhookDelivery.objects.filter(told).order_by("pk")


def issues_of(person: Person) -> "QuerySet[Any]":
    """Return the rows of a person's titles that a load set aside."""
    return ImportIssue.objects.filter(contract__in=_titles(person)).order_by("pk")


def erase_from_pages(person: Person) -> int:
    """Take a person's documents and names out of what was asked and answered of many at once."""
    spellings = {*person.documents, *map(format_document, person.documents), *person.names}
    changed = 0
    for column in ("request", "response"):
        for told in sorted(spellings, key=len, reverse=True):
            found = IntegrationLog.objects.filter(**{f"{column}__contains": told})
            erased = Func(
                F(column), Value(told), Value(MASK), function="replace", output_field=CharField()
            )
            changed += found.update(**{column: erased})
    return changed


def install() -> None:
    """Make all of it known."""
    hold(
        Holding(
            "integrations.integrationlog",
            DataClass.TRAFFIC,
            owner="",
            find=logs_of,
            hidden=HIDDEN,
            erased={"request": "", "response": ""},
        ),
        Holding(
            "integrations.webhookdelivery",
            DataClass.TRAFFIC,
            owner="",
            find=deliveries_of,
            hidden=HIDDEN,
            erased={"body": "", "customer": ""},
        ),
        Holding(
            "integrations.importissue",
            DataClass.TRAFFIC,
            owner="",
            find=issues_of,
            hidden=HIDDEN,
            erased={"row": None},
        ),
        Holding(
            "integrations.erpoperation",
            DataClass.TRAFFIC,
            owner="contract__debtor",
            hidden=HIDDEN,
            erased={"order": {}, "answer": {}, "message": ""},
        ),
        Holding(
            "integrations.erpoperationstep",
            DataClass.TRAFFIC,
            owner="operation__contract__debtor",
            hidden=HIDDEN,
            erased={"message": ""},
        ),
    )
    keep_out(
        DataClass.SETTINGS,
        "integrations.importrun",
        "integrations.loadstate",
        "integrations.connectionstate",
        "integrations.callusage",
        "integrations.webhooksubscription",
        "integrations.webhookrefusal",
    )
    ROOMS.erasers.append(erase_from_pages)
