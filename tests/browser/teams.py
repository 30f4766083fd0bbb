"""Two teams at work, to look at: somebody calls, somebody is stuck, goals are half reached."""

from datetime import timedelta
from decimal import Decimal

from cobranca.accounts.models import Agency, Team, TeamKind, User
from cobranca.accounts.roles import COLLECTOR
from cobranca.common import clock
from cobranca.debtors.models import Debtor
from cobranca.dunning.models import Callback, ContactAttempt
from cobranca.telecobranca.distribution import Criteria, Plan, Target, preview
from cobranca.telecobranca.models import QueueEntry, WorkQueue
from cobranca.telecobranca.services.distributing import distribute
from tests import factories
from tests.cobranca.telecobranca.test_goals import contact, goal_of, promise

MINUTE = timedelta(minutes=1)
NAMES = ("Carla Dias", "Davi Souza", "Elaine Prates")


def build_teams(agency: Agency, debtors: list[Debtor], actor: User) -> None:
    """Make an own team and an external office, debtors given to them, and a day's work."""
    house = Team.objects.create(agency=agency, name="Carteira própria", supervisor=actor)
    document = factories.cnpj(factories.next_number())
    office = Team.objects.create(
        agency=agency, name="Escritório Litoral", kind=TeamKind.EXTERNAL, document=document
    )
    carla, davi, elaine = (_person(agency, name) for name in NAMES)
    for person, team in ((carla, house), (davi, house), (elaine, office)):
        person.team = team
        person.save()
    _give(agency, actor, house, office)
    for whose, amount in ((house, "90000"), (carla, "40000"), (elaine, "15000")):
        goal_of(agency, actor, whose, metric="recovered", amount=amount, month=clock.today())
    goal_of(agency, actor, house, metric="contacts", amount="4", month=clock.today())
    _work(debtors, carla, davi, elaine)


def _person(agency: Agency, name: str) -> User:
    first, _, last = name.partition(" ")
    person = factories.make_user(agency, COLLECTOR, first.lower())
    person.first_name, person.last_name = first, last
    person.save()
    return person


def _give(agency: Agency, actor: User, house: Team, office: Team) -> None:
    parts = (Target(house, percent=Decimal(70)), Target(office, percent=Decimal(30)))
    plan, today = Plan(Criteria(max_total=Decimal(5000)), "percent", parts), clock.today()
    seen = preview(agency.pk, plan, today)
    distribute(agency=agency, plan=plan, digest=seen.digest, actor=actor, on=today, at=clock.now())


def _work(debtors: list[Debtor], carla: User, davi: User, elaine: User) -> None:
    now, today = clock.now(), clock.today()
    queue = WorkQueue.objects.create(agency=carla.agency, name="Litoral, 1 a 90 dias", position=90)
    for person, debtor, idle in ((carla, debtors[0], 1), (davi, debtors[1], 12)):
        until = now + timedelta(minutes=queue.idle_minutes - idle)
        QueueEntry.objects.update_or_create(
            debtor=debtor,
            defaults={
                "agency": debtor.agency, "queue": queue, "rank": 1, "place": "SC-SC",
                "held_by": person, "held_at": now - 14 * MINUTE, "held_until": until,
                "available_at": until,
            },
        )  # fmt: skip
    for number, debtor in enumerate(debtors[2:8]):
        contact(debtor, (carla, davi, elaine)[number % 3], now, effective=number % 2 == 0)
    promise(debtors[2], carla, today)
    promise(debtors[3], elaine, today - timedelta(days=1))
    agency = carla.agency
    Callback.objects.create(
        agency=agency, debtor=debtors[4], at=now - 40 * MINUTE, assigned_to=davi
    )
    ContactAttempt(
        agency=agency, debtor=debtors[5], channel="call", actor=davi, at=now, is_allowed=False,
        reason="Fora do horário permitido em SC.",
    ).save()  # fmt: skip
