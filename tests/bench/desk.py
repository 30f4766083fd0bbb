"""The debtor's page and the search with a million installments and twenty collectors at work."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from statistics import median
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import connection
from django.test import Client
from django_scopes import scope

from cobranca.accounts.models import Agency
from cobranca.accounts.roles import COLLECTOR
from cobranca.debtors.models import Debtor
from tests import factories
from tests.bench import office
from tests.bench.collectors import one_by_one_ms, p95_ms
from tests.bench.load import THREADS, WORKERS, gunicorn
from tests.bench.timing import figure
from tests.flows.processes import database_url

SIZE = 1_000_000
COLLECTORS = 20
TURNS = 12
PAUSE = 0.6  # seconds between what one collector asks for; a person would take many
ALONE = 40
EVENTS = 4  # of each debtor
STRIDE = 9973  # spreads the debtors asked for over the whole portfolio


@dataclass(frozen=True)
class Desk:
    """What is served: the product, a bare server, who is signed in, and debtors to open."""

    product: int
    bare: int
    cookies: list[str]
    debtors: list[int]
    searches: list[str]


def desk(size: int, rounds: int) -> dict[str, Any]:
    """Measure desk.page_vs_template, desk.search_vs_page and desk.page_vs_bare."""
    agency = office.make_office(size, "Bancada da mesa").agency
    with scope(agency=agency):
        _remember_a_past(agency)
    with scope(agency=agency), _served(agency) as found:
        page, template, search = [], [], []
        serial = count()
        for _ in range(max(rounds, 5) + 1):
            template.append(_p95(found, serial, f"/bench/devedores/{found.debtors[1]}/"))
            page.append(_p95(found, serial, "/telecobranca/devedores/{debtor}/"))
            search.append(_p95(found, serial, "/telecobranca/busca/?q={search}"))
        alone = _alone(found, max(rounds, 5))
    office.empty()
    whom = f"{size} installments, {COLLECTORS} collectors, {WORKERS}×{THREADS} gunicorn: p95 "
    pairs = list(zip(page, template, search, strict=True))[1:]
    ms = [median(each) for each in zip(*pairs, strict=True)]
    told = f"{whom}page {ms[0]:.1f} ms, template alone {ms[1]:.1f} ms, search {ms[2]:.1f} ms"
    return {
        "desk.page_vs_template": figure(median(p / t for p, t, _ in pairs), "<= 2", "×", told),
        "desk.search_vs_page": figure(median(s / p for p, _, s in pairs), "<= 1", "×", told),
        **alone,
    }


def _remember_a_past(agency: Agency) -> None:
    """Give every debtor a timeline."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO contracts_event (agency_id, debtor_id, kind, title, text, happened_at)
            SELECT agency_id, id, 'note', 'Anotação', 'Pediu para ligar à tarde. ' || n,
                   now() - make_interval(days => n * 9)
            FROM debtors_debtor CROSS JOIN generate_series(1, %s) n WHERE agency_id = %s
            """,
            [EVENTS, agency.pk],
        )
        cursor.execute("VACUUM ANALYZE contracts_event")


def _searches() -> list[str]:
    """Return what collectors type: names and their beginnings, documents, contracts, e-mails."""
    found = []
    for name, document in Debtor.objects.order_by("pk").values_list("name", "document")[::997]:
        first, last, rest, *_ = name.split()
        found += [first[:4], f"{first}+{last}", f"{last}+{rest}", document, document[:7]]
        found += [str(400_000 + int(document)), f"pessoa{int(document)}@"]
    return [quote(typed, safe="+") for typed in found]


def _p95(found: Desk, serial: "count[int]", path: str) -> float:
    turn = next(serial)

    def address(collector: int, number: int) -> str:
        n = (turn * COLLECTORS + collector) * TURNS + number
        return path.format(
            debtor=found.debtors[n * STRIDE % len(found.debtors)],
            search=found.searches[n % len(found.searches)],
        )

    return p95_ms(found.product, found.cookies, address, TURNS, PAUSE)


def _alone(found: Desk, rounds: int) -> dict[str, Any]:
    """Open pages with nobody else there, against a bare view that answers as many bytes."""
    ratios, times = [], []
    for turn in range(rounds + 1):
        debtors = [found.debtors[(turn * ALONE + n) * STRIDE % len(found.debtors)]
                   for n in range(ALONE)]  # fmt: skip
        size = _bytes(found, debtors[0])
        ours = median(
            one_by_one_ms(
                found.product, found.cookies[0], [f"/telecobranca/devedores/{d}/" for d in debtors]
            )
        )
        bare = median(one_by_one_ms(found.bare, "", [f"/bare/{size}/"] * ALONE))
        ratios.append(ours / bare)
        times.append((ours, bare))
    ours, bare = (median(each) for each in zip(*times[1:], strict=True))
    told = f"page {ours:.1f} ms, bare Django view of {size} bytes {bare:.2f} ms, both over HTTP"
    return {"desk.page_vs_bare": figure(median(ratios[1:]), "<= 20", "×", told)}


def _bytes(found: Desk, debtor: int) -> int:
    """Return how long a page is."""
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = found.cookies[0].partition("=")[2]
    return len(client.get(f"/telecobranca/devedores/{debtor}/").content)


@contextmanager
def _served(agency: Agency) -> Iterator[Desk]:
    environment = {
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "tests.bench.desk_settings",
        "CELERY_BROKER_URL": "memory://",
    }
    alone = {**environment, "DJANGO_SETTINGS_MODULE": "", "BARE_VIEW": "1"}
    debtors = list(Debtor.objects.order_by("pk").values_list("pk", flat=True))
    cookies = [_signed_in(agency) for _ in range(COLLECTORS)]
    connection.close()
    with ExitStack() as stack:
        product = stack.enter_context(gunicorn("settings.wsgi:application", environment))
        bare = stack.enter_context(gunicorn("tests.bench.bare:application", alone))
        yield Desk(product, bare, cookies, debtors, _searches())


def _signed_in(agency: Agency) -> str:
    client = Client()
    client.force_login(factories.make_user(agency, COLLECTOR))
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={client.cookies[name].value}"
