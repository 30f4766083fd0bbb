"""Two debtors whom somebody found to be two people: they are not suggested for merging again."""

from django.db import IntegrityError, transaction

from cobranca.accounts.models import User
from cobranca.audit.services import log_action
from cobranca.common.clock import now
from cobranca.common.errors import DomainError, NotFoundError
from cobranca.debtors.models import Debtor, DistinctPair

SHOWN = 50


def distinct_pairs() -> list[DistinctPair]:
    """Return the pairs said last to be two people, newest first, with names."""
    standing = DistinctPair.objects.filter(undone_at=None)
    return list(standing.select_related("first", "second", "said_by")[:SHOWN])


def distinct_pair(one: Debtor, other: Debtor) -> DistinctPair | None:
    """Return what was said of two debtors, if it stands."""
    found = DistinctPair.objects.filter(undone_at=None, **_ordered(one.pk, other.pk))
    return found.select_related("said_by").first()


@transaction.atomic
def tell_apart(*, one_id: int, other_id: int, actor: User) -> DistinctPair:
    """Note that two debtors are two people; said before, it stays as it was said.

    A merge of the two is still possible: whoever merges them knows more than a namesake.
    """
    if one_id == other_id:
        raise DomainError("Escolha dois cadastros diferentes.", "second")
    people = {row.pk: row for row in Debtor.objects.filter(pk__in=(one_id, other_id))}
    for field, key in (("first", one_id), ("second", other_id)):
        if key not in people:
            raise NotFoundError("Devedor não encontrado.", field)
        if people[key].merged_into_id is not None:
            raise DomainError(f"{people[key].name} já foi unificado em outro cadastro.", field)
    one, other = people[one_id], people[other_id]
    return distinct_pair(one, other) or _say(one, other, actor)


def _say(one: Debtor, other: Debtor, actor: User) -> DistinctPair:
    pair = DistinctPair(agency_id=one.agency_id, said_by=actor, **_ordered(one.pk, other.pk))
    try:
        with transaction.atomic():
            pair.save()
    except IntegrityError:
        # Somebody else said it at the same moment.
        if (found := distinct_pair(one, other)) is not None:
            return found
        raise
    log_action("debtors.told_apart", pair, actor, agency=actor.agency)
    return pair


@transaction.atomic
def take_back(*, pair_id: int, actor: User) -> DistinctPair:
    """Let two debtors be suggested again; what was said, by whom, and by whom undone stays."""
    rows = DistinctPair.objects.select_for_update(of=("self",)).select_related("agency")
    pair = rows.filter(pk=pair_id).first()
    if pair is None:
        raise NotFoundError("Par não encontrado.")
    if pair.undone_at is not None:
        raise DomainError("Isto já foi desfeito.")
    pair.undone_by, pair.undone_at = actor, now()
    pair.save(update_fields=["undone_by", "undone_at"])
    log_action("debtors.told_apart_undone", pair, actor, agency=pair.agency)
    return pair


def _ordered(one: int, other: int) -> dict[str, int]:
    """Return a pair as the table has it: whoever was registered first, first."""
    return {"first_id": min(one, other), "second_id": max(one, other)}
