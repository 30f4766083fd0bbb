"""The contact norms known when the product was written (reference/erps.md, 6.1 to 6.2).

Put into the database after each `migrate`; what operators changed there stays as they left it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time

from django.db import transaction

from cobranca.calc.legal_calendar import legal_days
from cobranca.dunning.models import ContactRule, HolidayScope, LegalHoliday
from cobranca.dunning.models.law import Certainty

FIRST_YEAR, LAST_YEAR = 2024, 2030


@dataclass(frozen=True)
class Norm:
    """A norm: hours as (from, to), None closed; holidays and Sundays are closed in all of them."""

    state: str
    norm: str
    source: str
    certainty: Certainty
    weekday: tuple[int, int]
    saturday: tuple[int, int] | None
    valid_from: date
    sms: bool = False
    is_active: bool = True
    recording_days: int | None = None
    note: str = ""


_DAY_UNKNOWN = "O dia em que entrou em vigor não foi conferido."
NORMS = (
    Norm(
        "", "Prática nacional, CDC arts. 42 e 71", "Janela de SP por boa prática",
        Certainty.INFERRED, (8, 20), (8, 14), date(1991, 3, 11),
        note="Vale nos estados sem norma própria.",
    ),
    Norm(
        "SP", "Lei SP 15.426/2014", "Texto da lei", Certainty.VERIFIED,
        (8, 20), (8, 14), date(2014, 1, 1), note=_DAY_UNKNOWN,
    ),
    Norm(
        "RJ", "Lei RJ 6.854/2014, art. 3º, § 4º, e Lei 7.868/2018", "normasbrasil e Proteste",
        Certainty.VERIFIED, (9, 19), None, date(2018, 1, 1), recording_days=7,
        note="A ligação é gravada; o valor da dívida é informado item a item. " + _DAY_UNKNOWN,
    ),
    Norm(
        "ES", "Lei ES 10.626/2017", "Jornal Fato", Certainty.SECONDARY,
        (8, 19), None, date(2017, 3, 2), note="Em vigor 45 dias depois de 16/01/2017.",
    ),
    Norm(
        "AL", "Lei AL 7.782/2016", "Procon de Arapiraca", Certainty.SECONDARY,
        (8, 20), (8, 14), date(2016, 1, 1), sms=True,
        note="Vale para ligações e SMS. " + _DAY_UNKNOWN,
    ),
    Norm(
        "AM", "Lei AM 4.644/2018 e Lei Promulgada 306/2016", "Imprensa e efic.com.br",
        Certainty.SECONDARY, (8, 18), None, date(2016, 1, 1),
        note="As fontes divergem quanto ao sábado: fechado por cautela. " + _DAY_UNKNOWN,
    ),
    Norm(
        "PR", "“Lei 252/2010”", "Um blog", Certainty.UNCONFIRMED,
        (8, 18), (8, 13), date(2010, 1, 1), is_active=False,
        note="A Lei PR 16.135/2009, conhecida, é de não perturbe.",
    ),
    Norm(
        "MT", "Projeto de lei", "Assembleia Legislativa", Certainty.UNCONFIRMED,
        (8, 18), (8, 12), date(2025, 1, 1), is_active=False, note="Só projeto.",
    ),
    Norm(
        "MS", "PL MS 130/2025", "Assembleia Legislativa", Certainty.UNCONFIRMED,
        (8, 20), (8, 14), date(2025, 1, 1), is_active=False,
        note="Pendente, horário a conferir; a Lei MS 3.641/2009 trata de ofertas de venda.",
    ),
    Norm(
        "PE", "Código Estadual do Consumidor, Lei PE 16.559/2019", "Texto não conferido",
        Certainty.UNCONFIRMED, (8, 20), (8, 14), date(2019, 1, 1), is_active=False,
        note="O artigo dos horários não foi conferido.",
    ),
    Norm(
        "RJ", "Lei RJ 4.896/2006 e Lei 7.853/2018", "Ofertas de venda", Certainty.UNCONFIRMED,
        (9, 19), None, date(2006, 1, 1), is_active=False,
        note="Trata de ofertas de venda, não de cobrança.",
    ),
)  # fmt: skip


@transaction.atomic
def plant_law(using: str = "default") -> None:
    """Put in what is missing: the norms, and holidays from FIRST_YEAR to LAST_YEAR."""
    rules = [row_of(norm) for norm in NORMS]
    ContactRule.objects.using(using).bulk_create(rules, ignore_conflicts=True)
    plant_holidays(range(FIRST_YEAR, LAST_YEAR + 1), using=using)


def plant_holidays(years: Iterable[int], *, using: str = "default") -> int:
    """Put in the legal holidays of some years that are not there; return how many were added."""
    found = [
        LegalHoliday(
            scope=HolidayScope.STATE if each.state else HolidayScope.NATIONAL,
            state=each.state,
            day=each.day,
            name=each.name,
            source=each.source,
            is_optional=each.is_optional,
        )
        for year in years
        for each in legal_days(year)
    ]
    rows = LegalHoliday.objects.using(using)
    before = rows.count()
    rows.bulk_create(found, ignore_conflicts=True)
    return rows.count() - before


def row_of(norm: Norm) -> ContactRule:
    """Return a norm as a row, not saved."""
    weekday, saturday = norm.weekday, norm.saturday
    return ContactRule(
        state=norm.state,
        norm=norm.norm,
        source=norm.source,
        certainty=norm.certainty,
        covers_sms=norm.sms,
        weekday_from=time(weekday[0]),
        weekday_to=time(weekday[1]),
        saturday_from=time(saturday[0]) if saturday else None,
        saturday_to=time(saturday[1]) if saturday else None,
        recording_required=norm.recording_days is not None,
        recording_days=norm.recording_days,
        valid_from=norm.valid_from,
        is_active=norm.is_active,
        note=norm.note,
    )
