"""What a collector types, read as a text search over the debtors' summaries.

The index holds whole words: names, documents, contracts, phones with and without DDD, e-mails,
units. Each thing typed must be the beginning of one of them. PostgreSQL is handed a tsquery as
written, never a text to parse: its parser would cut e-mails and codes into pieces.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_

from django.contrib.postgres.search import SearchQuery

from cobranca.common.documents import clean_document
from cobranca.common.phones import normalize_phone
from cobranca.common.text import digits, plain

LONGEST = 120
# Words that stand in half of all names and tell nobody apart.
_LINKS = frozenset({"de", "da", "do", "das", "dos", "e"})
# A CPF, CNPJ or phone written with blanks and punctuation: 48 99999-0000, 111.444.777-35.
_NUMBER = re.compile(r"(?<![\w@.\-/])[+(]?\d[\d\s().\-/+]*\d(?![\w@])")
_DIGITS_OF_A_NUMBER = range(8, 15)

# A term is met by any of its alternatives; an alternative is words that must all be there.
Alternative = tuple[str, ...]
Term = list[Alternative]


BITS = 64


@dataclass(frozen=True)
class Typed:
    """What was typed, as the database is told: two tsqueries, and bits that a find must have."""

    prefix: str
    exact: str
    bits: int


class LiteralQuery(SearchQuery):
    """A tsquery taken as written."""

    template = "%(expressions)s::tsquery"


def typed(text: str) -> Typed | None:
    """Return what was typed: words that begin so, whole words alone; None when nothing was."""
    terms = parse(text)
    return Typed(_query(terms, ":*"), _query(terms, ""), _bits(terms)) if terms else None


def prefix_query(text: str) -> LiteralQuery | None:
    """Return the search for debtors who have everything typed; None when nothing was."""
    found = typed(text)
    return LiteralQuery(found.prefix) if found else None


def exact_query(text: str) -> LiteralQuery | None:
    """Return the same search for whole words only, to put exact finds first."""
    found = typed(text)
    return LiteralQuery(found.exact) if found else None


def _query(terms: list[Term], suffix: str) -> str:
    return " & ".join(_term(term, suffix) for term in terms)


def _bits(terms: list[Term]) -> int:
    """Return the bits that whoever is found must have."""
    # Of a term with alternatives, those that all of them have.
    return as_signed(reduce(or_, (reduce(and_, map(bits_of, term)) for term in terms), 0))


def as_signed(bits: int) -> int:
    """Return bits as PostgreSQL's bigint holds them."""
    return bits - (1 << BITS) if bits >> (BITS - 1) else bits


def bits_of(words: Iterable[str]) -> int:
    """Return the bits of words, all of them."""
    return reduce(or_, map(_word_bit, words), 0)


def _word_bit(word: str) -> int:
    """Return the bit of a word's first letters, as debtors_word_bits does (migration 0007)."""
    if len(word) < 3:
        return 0
    first, second, third = map(ord, word[:3])
    return 1 << (first * 961 + second * 31 + third) % BITS


def parse(text: str) -> list[Term]:
    """Return what was typed as terms, all of which a debtor must meet."""
    text = text.replace("\x00", "")[:LONGEST].strip()
    terms: list[Term] = []

    def take(found: re.Match[str]) -> str:
        if len(digits(found.group())) not in _DIGITS_OF_A_NUMBER:
            return found.group()
        terms.append(_number_term(found.group()))
        return " "

    rest = _NUMBER.sub(take, text)
    terms += [term for token in rest.split() if (term := _word_term(token.strip(",;:\"'")))]
    return _telling(terms)


def _number_term(span: str) -> Term:
    joined = digits(span)
    return _distinct([(joined,), (normalize_phone(span),), tuple(span.lower().split())])


def _word_term(token: str) -> Term:
    lower = token.lower()
    words = tuple(word for word in re.split(r"[^a-z0-9]+", plain(token)) if word)
    alternatives: list[Alternative] = [(lower,), words]
    if not any(letter.isalpha() for letter in lower):
        alternatives.append((digits(lower),))
    elif len(document := clean_document(token)) == 14 and digits(document):
        alternatives.append((document.lower(),))
    return _distinct(alternatives)


def _distinct(alternatives: Iterable[Alternative]) -> Term:
    return list(dict.fromkeys(each for each in alternatives if each and all(each)))


def _telling(terms: list[Term]) -> list[Term]:
    """Leave out links and single letters when something better was typed."""
    telling = [term for term in terms if len(term[0][0]) > 1 and term[0][0] not in _LINKS]
    return telling or terms


def _term(term: Term, suffix: str) -> str:
    return "(" + " | ".join(_alternative(words, suffix) for words in term) + ")"


def _alternative(words: Alternative, suffix: str) -> str:
    return "(" + " & ".join(_lexeme(word) + suffix for word in words) + ")"


def _lexeme(word: str) -> str:
    quoted = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{quoted}'"
