"""A debtor with all registrations that were found to be theirs."""

from cobranca.debtors.holdings import Person
from cobranca.debtors.models import Debtor, DebtorReference


def person_of(debtor: Debtor) -> Person:
    """Return who a debtor is, in every spelling that other tables may know them by."""
    merged = list(Debtor.objects.filter(merged_into=debtor).order_by("pk"))
    all_of_them = [debtor, *merged]
    codes = DebtorReference.objects.filter(debtor__in=all_of_them).order_by("pk")
    names = {name for each in all_of_them for name in (each.name, each.social_name) if name}
    return Person(
        agency_id=debtor.agency_id,
        ids=tuple(each.pk for each in all_of_them),
        names=tuple(sorted(names, key=len, reverse=True)),
        documents=tuple(each.document for each in all_of_them if each.document),
        customers=tuple(codes.values_list("external_id", flat=True)),
    )
