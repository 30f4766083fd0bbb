"""What the limits of a contact say, in Portuguese, each naming its norm."""

from datetime import date, datetime, timedelta

from cobranca.calc.contact_asked import Block, Spot
from cobranca.calc.contact_rules import CALL, NATION, SATURDAY, Plan

CAP_NORM = "CDC, arts. 42 e 71, e política da assessoria"
_CHANNELS = {
    "call": "ligações de cobrança",
    "sms": "SMS de cobrança",
    "whatsapp": "mensagens de WhatsApp",
    "email": "e-mails de cobrança",
    "letter": "cartas",
}
_SCOPES = {
    "general": "todos os contatos",
    "phone": "ligações",
    "sms": "SMS",
    "whatsapp": "WhatsApp",
    "email": "e-mail",
}


def window_code(spot: Spot, plan: Plan, *, holds: bool) -> str:
    """Return the code of what a window says: which rule, of which state."""
    if plan.is_free:
        return "free"
    if not plan.is_known:
        return "calendar:missing"
    if plan.by_office and not holds:
        return "policy:hours"
    place = (plan.rule.state if plan.rule else spot.state) or NATION
    return f"holiday:{place}" if plan.holiday and not holds else f"window:{place}"


def window(spot: Spot, plan: Plan, channel: str, local: datetime, *, holds: bool) -> str:
    """Return what a window says at a local time."""
    what, where = _CHANNELS[channel], place(spot)
    if plan.is_free:
        return f"{what.capitalize()}: sem horário legal {where}."
    if plan.rule is None:
        return _no_rule(plan, where, local.date())
    norm = _norm(plan, channel)
    if holds:
        return f"Permitido até {plan.end:%H:%M} {where} ({norm})."
    if plan.start is None:
        return _closed(plan, what, where, norm, local.date())
    hours = f"das {plan.start:%H:%M} às {plan.end:%H:%M}"
    return f"Fora do horário {where}: {what} só {hours}; lá são {local:%H:%M} ({norm})."


def _no_rule(plan: Plan, where: str, day: date) -> str:
    if not plan.is_known:
        return f"Feriados de {day.year} ainda não carregados: até lá nada é permitido nesse ano."
    return f"Nenhuma regra de contato em vigor {where} em {day:%d/%m/%Y}."


def _closed(plan: Plan, what: str, where: str, norm: str, day: date) -> str:
    if plan.holiday:
        return f"Feriado {where}, {plan.holiday} ({day:%d/%m}): não se permitem {what} ({norm})."
    return f"{_day(day)} {where} não se permitem {what} ({norm})."


def _norm(plan: Plan, channel: str) -> str:
    norm = plan.rule.norm if plan.rule else ""
    if plan.by_office:
        return f"política da assessoria, mais estrita que {norm}"
    if plan.rule and channel != CALL and channel not in plan.rule.channels:
        return f"política da assessoria, pelo horário da {norm}"
    return norm


def place(spot: Spot) -> str:
    """Return "em SP", "no DDD de RJ", or that it is not known where."""
    if not spot.is_residence:
        return f"no DDD ({spot.state})"
    return f"em {spot.state}" if spot.state else "no país (residência desconhecida)"


def _day(day: date) -> str:
    weekday = day.weekday()
    if weekday < SATURDAY:
        return "Neste dia"
    return "Aos sábados" if weekday == SATURDAY else "Aos domingos"


def number(is_active: bool) -> str:
    """Return what there is to say of the number."""
    if is_active:
        return "Número em uso."
    return "Número inativo: pode ser de outra pessoa, a quem a dívida não se revela (CDC, art. 42)."


def block_code(block: Block) -> str:
    """Return the code of a block."""
    return f"block:{'number' if block.number else block.scope}"


def block(block: Block, *, holds: bool) -> str:
    """Return what is blocked, at whose wish, from when to when."""
    what = "Número bloqueado" if block.number else "Bloqueio"
    scope = _SCOPES[block.scope]
    if block.is_register and block.scope == "phone":
        scope = "ligações, SMS e mensagens"
    since = f"desde {block.starts_on:%d/%m/%Y}"
    if holds and block.ends_on is None:
        since = f"a partir de {block.starts_on:%d/%m/%Y}"
    elif block.ends_on is not None:
        since = f"de {block.starts_on:%d/%m/%Y} a {block.ends_on:%d/%m/%Y}"
    norm = " (Lei SP 13.226/2008)" if block.is_register else ""
    source = f", {block.source.lower()}" if block.source else ""
    return f"{what}: {scope} {since}{source}{norm}."


def cap(count: int, most: int, days: int) -> str:
    """Return how many contacts there were, of how many there may be."""
    when = "hoje" if days == 1 else f"em {days} dias"
    done = "1 contato" if count == 1 else f"{count} contatos"
    return f"{done} {when}, de no máximo {most} por pessoa ({CAP_NORM})."


def interval(gap: timedelta, holds: bool) -> str:
    """Return how long to wait between contacts."""
    minutes = int(gap.total_seconds() // 60)
    if holds:
        return f"Último contato há mais de {minutes} minutos."
    return f"Último contato há menos de {minutes} minutos ({CAP_NORM})."


def free(channel: str) -> str:
    """Return that nothing limits a channel."""
    return f"{_CHANNELS[channel].capitalize()}: nada impede."
