"""Debtors who may be one person: who is called alike, and what else speaks for it."""

from dataclasses import dataclass
from typing import Any

from cobranca.debtors import moving
from cobranca.debtors.models import Debtor

MOST = 50
# What speaks for one person, and how much; different documents speak against it.
SAME_NAME = 40
SIGNS = {
    "same_birth": (25, "mesma data de nascimento"),
    "same_phone": (25, "telefone em comum"),
    "same_email": (20, "e-mail em comum"),
    "no_document": (20, "um deles sem CPF/CNPJ"),
    "two_systems": (5, "cadastrados em sistemas diferentes"),
}
OTHER_DOCUMENT = 45
# Nobody is suggested for a common name alone.
LEAST = 60
# A name that more debtors have tells nothing.
COMMON = 20

# Names are compared as search does. Every debtor is read once; the rest looks at namesakes only.
PAIRS = """
WITH names AS (
    SELECT cobranca_plain(name) AS plain FROM debtors_debtor
    WHERE agency_id = %(agency)s AND merged_into_id IS NULL AND anonymised_at IS NULL
      AND (%(plain)s::text IS NULL OR cobranca_plain(name) = cobranca_plain(%(plain)s))
    GROUP BY 1 HAVING count(*) BETWEEN 2 AND %(common)s
), people AS (
    SELECT d.id, d.document, d.birth_date, n.plain
    FROM debtors_debtor d JOIN names n ON n.plain = cobranca_plain(d.name)
    WHERE d.agency_id = %(agency)s AND d.merged_into_id IS NULL AND d.anonymised_at IS NULL
)
SELECT a.id, b.id,
       a.birth_date IS NOT NULL AND a.birth_date = b.birth_date,
       EXISTS (SELECT 1 FROM debtors_phone p JOIN debtors_phone q ON q.number = p.number
               WHERE p.debtor_id = a.id AND q.debtor_id = b.id),
       EXISTS (SELECT 1 FROM debtors_emailaddress p JOIN debtors_emailaddress q ON q.email = p.email
               WHERE p.debtor_id = a.id AND q.debtor_id = b.id),
       a.document = '' OR b.document = '',
       EXISTS (SELECT 1 FROM debtors_debtorreference p
               JOIN debtors_debtorreference q ON q.system <> p.system
               WHERE p.debtor_id = a.id AND q.debtor_id = b.id),
       a.document <> '' AND b.document <> ''
FROM people a JOIN people b ON b.plain = a.plain AND b.id > a.id
WHERE (%(only)s::bigint IS NULL OR %(only)s IN (a.id, b.id))
  AND NOT EXISTS (SELECT 1 FROM debtors_distinctpair x
                  WHERE x.first_id = a.id AND x.second_id = b.id AND x.undone_at IS NULL)
"""


@dataclass(frozen=True)
class Suggestion:
    """Two who may be one: how much speaks for it (of 100), and what."""

    first: Debtor
    second: Debtor
    score: int
    signs: tuple[str, ...]


def suggestions(agency_id: int, *, only: Debtor | None = None) -> list[Suggestion]:
    """Return pairs of debtors who may be one person, the likeliest first, at most MOST.

    Those whom somebody said to be two people are none (see distinguishing.py).
    `only` narrows it to one debtor's namesakes. Reads all debtors of the agency otherwise: about a
    second for a million.
    """
    values = {
        "agency": agency_id,
        "common": COMMON,
        "only": only.pk if only else None,
        "plain": only.name if only else None,
    }
    scored = sorted(map(_scored, moving.rows(PAIRS, values)), key=lambda pair: (-pair[2], pair[0]))
    best = [pair for pair in scored if pair[2] >= LEAST][:MOST]
    people = Debtor.objects.select_related("summary").defer("summary__search")
    known = people.in_bulk({pk for one, two, *_ in best for pk in (one, two)})
    return [Suggestion(known[one], known[two], score, signs) for one, two, score, signs in best]


def _scored(row: tuple[Any, ...]) -> tuple[int, int, int, tuple[str, ...]]:
    one, two, *told = row
    *has, other_document = told
    found = [SIGNS[name] for name, is_so in zip(SIGNS, has, strict=True) if is_so]
    score = SAME_NAME + sum(points for points, _ in found) - OTHER_DOCUMENT * bool(other_document)
    return one, two, min(score, 100), ("mesmo nome", *(words for _, words in found))
