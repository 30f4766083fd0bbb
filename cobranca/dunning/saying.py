"""A decision on contact as people read it: in a line, by day of the week, by place."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from cobranca.calc import contact_law as law_of
from cobranca.calc.contact_law import Decision, Spot
from cobranca.common import clock
from cobranca.dunning.contact_law import Read

WEEKDAYS = ("seg.", "ter.", "qua.", "qui.", "sex.", "sáb.", "dom.")
CLOCKS = {
    "America/Sao_Paulo": "Brasília",
    "America/Manaus": "Manaus",
    "America/Eirunepe": "oeste do Amazonas",
    "America/Rio_Branco": "Rio Branco",
    "America/Campo_Grande": "Campo Grande",
    "America/Cuiaba": "Cuiabá",
    "America/Porto_Velho": "Porto Velho",
    "America/Boa_Vista": "Boa Vista",
    "America/Noronha": "Fernando de Noronha",
}
DAYS_SHOWN = 7
_DAY = timedelta(days=1)


# Families of rules, by the first part of their codes.
FAMILIES = {
    "window": "Horário",
    "holiday": "Feriado",
    "block": "Bloqueio",
    "cap": "Limite de contatos",
    "policy": "Horário da assessoria",
    "number": "Número inativo",
    "calendar": "Feriados não carregados",
}


@dataclass(frozen=True)
class Status:
    """One line on a debtor: `kind` is ok, warn or danger, `more` the whole sentence behind it."""

    kind: str
    text: str
    more: str


@dataclass(frozen=True)
class Cell:
    """What a place allows on a day."""

    text: str
    holiday: str
    is_open: bool


@dataclass(frozen=True)
class Column:
    """A place with its clock, and its days."""

    label: str
    clock: str
    cells: list[Cell]


def rule_label(rule: str) -> str:
    """Return a rule's code as people call it: "Horário (SP)", "Limite de contatos"."""
    family, _, detail = rule.partition(":")
    place = f" ({detail})" if family in ("window", "holiday") and detail != "BR" else ""
    return f"{FAMILIES.get(family, family)}{place}"


def status_of(read: Read, decision: Decision, at: datetime, *, is_now: bool = True) -> Status:
    """Return a decision in a line: until when, or from when again, by the debtor's clock."""
    spot = law_of.spots_of(read.asked)[0]
    places = "/".join(dict.fromkeys(filter(None, (read.asked.state, read.asked.dialled))))
    where = f" ({places})" if places else ""
    if decision.is_allowed:
        until = decision.until
        ends = f" até {moment(until, at, spot.zone)}" if until else ""
        return Status("ok", f"Contato permitido{ends}{where}", decision.reason)
    back = "sem data para voltar"
    if decision.next_at is not None:
        back = f"volta {moment(decision.next_at, at, spot.zone)}"
    now = " agora" if is_now else ""
    # Red is for what a person must see to; an hour comes round by itself.
    kind = "danger" if decision.next_at is None else "warn"
    return Status(kind, f"Contato proibido{now}{where}: {back}", decision.reason)


def moment(then: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Return "20:00", "seg. 08:00" or "01/02/2027 08:00", and whose clock it is if not the
    office's."""
    local, today = then.astimezone(zone), now.astimezone(zone).date()
    days = (local.date() - today).days
    text = f"{local:%H:%M}"
    if days >= DAYS_SHOWN:
        text = f"{local:%d/%m/%Y %H:%M}"
    elif days:
        text = f"{WEEKDAYS[local.weekday()]} {text}"
    if local.utcoffset() != clock.office_time(then).utcoffset():
        text += f" (hora de {CLOCKS.get(zone.key, zone.key)})"
    return text


def week_of(read: Read, since: date) -> tuple[list[date], list[Column]]:
    """Return the days from `since` on and what each place allows on them."""
    days = [since + _DAY * number for number in range(DAYS_SHOWN)]
    spots = law_of.spots_of(read.asked)
    return days, [_column(read, spot, days) for spot in spots]


def _column(read: Read, spot: Spot, days: list[date]) -> Column:
    label = spot.state or "País"
    kind = "residência" if spot.is_residence else "DDD"
    if spot.is_residence and not spot.state:
        kind = "residência desconhecida"
    name = CLOCKS.get(spot.zone.key, spot.zone.key)
    return Column(f"{label} ({kind})", name, [_cell(read, spot, day) for day in days])


def _cell(read: Read, spot: Spot, day: date) -> Cell:
    plan = read.law.plan(spot.state, spot.city, read.asked.channel, day)
    if plan.is_free or read.asked.channel == "letter":
        return Cell("livre", plan.holiday, is_open=True)
    if plan.start is None or plan.end is None:
        return Cell("fechado", plan.holiday, is_open=False)
    return Cell(f"{plan.start:%H:%M}–{plan.end:%H:%M}", plan.holiday, is_open=True)
