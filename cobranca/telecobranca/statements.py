"""Memórias de cálculo as pages show them: live ones and those kept with an agreement."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from cobranca.agreements.documents import is_for_email
from cobranca.calc.statement import Section, Statement
from cobranca.telecobranca.calculation_screen import Screen
from cobranca.telecobranca.calculation_table import split_text

# Which steps of the statement are behind each figure of the screen.
OF_ROWS = {
    "original": ("Valor original",),
    "correction": ("Correção monetária", "Principal"),
    "delay": ("Vencimento efetivo", "Atraso"),
    "charges": ("Multa", "Juros"),
    "fee": ("Honorários",),
    "total": ("Total da parcela",),
}
OF_TOTALS = {
    "original": ("Principal",),
    "correction": ("Principal",),
    "charges": ("Encargos",),
    "fee": ("Honorários",),
    "updated": ("Atualizado",),
    "discount": ("Desconto",),
    "total": ("Total do acordo",),
}
NOT_SELECTED = "Selecione a parcela para que ela seja calculada."
TOTALS, PARCELS, DISCOUNTS = "Totais", "Parcelamento", "Descontos"


@dataclass(frozen=True)
class Explained:
    """What is shown of the statement when a figure is pressed."""

    title: str
    lead: str
    sections: list[dict[str, Any]]
    asked: frozenset[str]


def explained(screen: Screen, row: str, figure: str) -> Explained | None:
    """Return the part of the statement behind a figure; None when nothing is calculated.

    `row` is the key of an installment, "" for a figure of the sums.
    """
    made = screen.calculation
    if made is None:
        return None
    keys = [str(line.key) for line in made.quote.lines]
    sections = made.statement.sections
    if row and row not in keys:
        return Explained("Parcela fora da seleção", NOT_SELECTED, [], frozenset())
    if row:
        place = keys.index(row)
        lead = split_text(made.quote.lines[place]) if figure == "charges" else ""
        return _part([sections[place]], lead, OF_ROWS.get(figure, ()))
    lead = split_text(made.quote.totals) if figure == "charges" else ""
    if figure == "parcels":
        return _part(_named(sections, PARCELS), lead, ())
    wanted = (DISCOUNTS, TOTALS) if figure == "discount" else (TOTALS,)
    return _part(_named(sections, *wanted), lead, OF_TOTALS.get(figure, ()))


def _named(sections: tuple[Section, ...], *titles: str) -> list[Section]:
    return [section for section in sections if section.title in titles]


def _part(sections: list[Section], lead: str, asked: tuple[str, ...]) -> Explained:
    told = [shown_section(section) for section in sections]
    return Explained(sections[-1].title if sections else "", lead, told, frozenset(asked))


def shown_section(section: Section) -> dict[str, Any]:
    """Return a section in the form that statements are kept and sent in."""
    sections: list[dict[str, Any]] = Statement((section,)).to_json()["sections"]
    return sections[0]


def statement_page(
    request: HttpRequest, made: Mapping[str, Any], name: str, context: dict[str, Any]
) -> HttpResponse:
    """Answer with a statement: a page, or with `?formato=json` a file for machines."""
    if request.GET.get("formato") == "json":
        response = JsonResponse(dict(made), json_dumps_params={"ensure_ascii": False, "indent": 1})
        response["Content-Disposition"] = f'inline; filename="{name}.json"'
        return response
    context |= {
        "statement": made,
        "query": _without_format(request),
        "is_for_email": is_for_email(made),
    }
    return render(request, "telecobranca/calculation/statement.html", context)


def _without_format(request: HttpRequest) -> str:
    query = request.GET.copy()
    query.pop("formato", None)
    return query.urlencode()
