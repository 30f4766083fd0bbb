"""Which months of a series to ask for, and asking: in few calls, the newest first."""

from collections.abc import Collection, Iterator
from datetime import date

from integrations.sgs import months
from integrations.sgs.client import SgsClient
from integrations.sgs.mapper import Reading, reading_of
from integrations.sgs.months import Span

# More than ten years are refused for daily series, and slow for all (MAPPING.md, 2).
MONTHS_A_CALL = 120
# Published months are asked for again for so long: the source may correct them.
REVIEWED_MONTHS = 12


def spans_to_read(stored: Collection[date], whole: Span, *, full: bool = False) -> list[Span]:
    """Return the periods to ask for, newest first: what is missing and the last year.

    Months between two missing ones are asked for with them where that saves a call.
    """
    reviewed = months.plus(whole.last, 1 - REVIEWED_MONTHS)
    wanted = [month for month in whole if full or month >= reviewed or month not in stored]
    spans: list[Span] = []
    while wanted:
        last = wanted[-1]
        oldest = months.plus(last, 1 - MONTHS_A_CALL)
        inside = [month for month in wanted if month >= oldest]
        spans.append(Span(inside[0], last))
        wanted = wanted[: -len(inside)]
    return spans


def read(
    client: SgsClient, code: int, stored: Collection[date], whole: Span, *, full: bool = False
) -> Iterator[Reading]:
    """Yield what each call brings, so that a failure leaves what came before it.

    Before the first value of a series there is nothing: an empty answer about months older than
    all that is known ends the reading.
    """
    known = set(stored)
    for span in spans_to_read(stored, whole, full=full):
        reading = reading_of(client.values(code, span), span)
        known.update(reading.values)
        yield reading
        if not (reading.values or reading.problems) and known and span.last < min(known):
            return
