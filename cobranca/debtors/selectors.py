"""Reading debtors and how to reach them."""

from typing import Any

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from cobranca.common.prepared import Prepared
from cobranca.debtors.contacts import KINDS, Contact, ContactKind
from cobranca.debtors.models import Debtor, DebtorReference, Phone, RelatedPerson


def count_of(rows: QuerySet[Any], owner: str = "debtor") -> Coalesce:
    """Return, for use in an annotation, how many of `rows` belong to the outer row."""
    counted = rows.filter(**{owner: OuterRef("pk")}).order_by().values(owner)
    number = Subquery(counted.annotate(n=Count("pk")).values("n"), output_field=IntegerField())
    return Coalesce(number, 0)


def debtors_with_counts() -> QuerySet[Debtor]:
    """Return debtors with their summary and the numbers of the tabs: telefones, emails…"""
    active = {
        f"{kind.slug}_count": count_of(kind.model.objects.filter(is_active=True))
        for kind in KINDS.values()
    }
    return Debtor.objects.select_related("summary").annotate(**active)


def contacts_of(debtor: Debtor, kind: ContactKind) -> list[Contact]:
    """Return the debtor's phones, e-mails or addresses: active, main, then oldest first."""
    return list(kind.model.objects.filter(debtor=debtor))


def phones_of(debtor_id: int) -> list[Phone]:
    """Return the same of a debtor's phones, as the page that everybody opens asks for them."""
    return _phones(debtor=debtor_id)


def _phones_query(debtor: int) -> QuerySet[Phone]:
    return Phone.objects.filter(debtor=debtor)


_phones = Prepared(_phones_query, debtor=int)


def people_of(debtor: Debtor) -> list[RelatedPerson]:
    """Return spouse, partners, proxies and references of a debtor, active first."""
    return list(RelatedPerson.objects.filter(debtor=debtor).order_by("-is_active", "role", "name"))


def references_of(debtor: Debtor) -> list[DebtorReference]:
    """Return how the ERPs name a debtor."""
    return list(DebtorReference.objects.filter(debtor=debtor).order_by("system", "external_id"))
