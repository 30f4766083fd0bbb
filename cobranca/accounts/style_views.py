"""The living page of the look: every part of the product's pages, with the words for its use."""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cobranca.common import clock, look
from cobranca.common.notices import Notice
from cobranca.common.specimens import specimens

BOTH = "ambas"
MEANINGS = {
    "bg": "fundo da página",
    "surface": "painéis, tabelas, janelas",
    "raised": "cabeçalhos de tabela, botões sob o cursor",
    "hover": "linha sob o cursor, caixas de edição",
    "line": "divisórias",
    "line-strong": "bordas do que flutua",
    "control": "bordas de campos",
    "text": "texto e números",
    "text-2": "texto de apoio",
    "text-3": "rótulos e legendas",
    "accent": "aqui se pode agir: links, seleção",
    "accent-fill": "botão principal",
    "accent-soft": "linha selecionada",
    "danger": "uma pessoa é necessária agora",
    "warn": "velho ou à espera",
    "ok": "resolvido",
}
SIZES = (
    (1, "12 px", "rótulos, ajuda, horários"),
    (2, "14 px", "texto e tabelas da mesa; 16 px no celular"),
    (3, "16 px", "títulos de painel"),
    (4, "20 px", "título da página"),
    (5, "28 px", "o total de um devedor, e mais nada"),
)
SPACES = ((1, 4), (2, 8), (3, 12), (4, 16), (5, 24), (6, 32))
SECTIONS = (
    ("tipo", "Tipografia", "type"),
    ("espacos", "Espaços e medidas", "spacing"),
    ("botoes", "Botões", "buttons"),
    ("formularios", "Formulários", "forms"),
    ("tabelas", "Tabelas", "tables"),
    ("abas", "Abas, filtros e painéis", "panels"),
    ("linha-do-tempo", "Linha do tempo", "timeline"),
    ("estados", "Situações e idade dos dados", "states"),
    ("avisos", "Avisos", "notices"),
    ("vazio", "Vazio, erro e espera", "empty"),
    ("janelas", "Janelas e menus", "dialogs"),
    ("barra", "Barra de comando", "command"),
    ("teclado", "Teclado", "keyboard"),
    ("papel", "Papel e movimento", "paper"),
)


class SampleForm(forms.Form):
    """Every kind of field once."""

    name = forms.CharField(label="Nome", help_text="Como está no documento.")
    kind = forms.ChoiceField(label="Tipo", choices=[("mobile", "Móvel"), ("home", "Residencial")])
    amount = forms.DecimalField(label="Valor (R$)", min_value=0)
    day = forms.DateField(label="Vencimento", required=False)
    note = forms.CharField(label="Observação", widget=forms.Textarea({"rows": 3}), required=False)
    channel = forms.ChoiceField(
        label="Avisar por", choices=[("mail", "E-mail"), ("sms", "SMS")], widget=forms.RadioSelect
    )
    main = forms.BooleanField(label="É o principal", required=False)


@dataclass(frozen=True)
class Row:
    """A line of the sample table."""

    number: str
    due: str
    late: int
    letter: str
    amount: Decimal
    is_selected: bool = False
    is_current: bool = False
    is_quiet: bool = False


@dataclass(frozen=True)
class Message:
    """What Django's messages look like to a template."""

    level_tag: str
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Side:
    """The parts in one theme, or in whatever theme the page has (""); `suffix` ends their ids."""

    theme: str
    suffix: str
    form: forms.Form
    wrong: forms.Form
    specimens: list[tuple[Any, dict[str, Any]]] = field(default_factory=list)


@require_GET
@login_required
def style_guide(request: HttpRequest) -> HttpResponse:
    """Show every part in the theme in use, or in both side by side."""
    if not request.user.is_staff:
        raise PermissionDenied
    both = request.GET.get("tema") == BOTH
    context = {
        "both": both,
        "sides": [_side(theme) for theme in (look.THEMES if both else ("",))],
        "sections": SECTIONS,
        "added": specimens(),
        "colours": _colours(),
        "pairs": look.pairs(),
        **_samples(),
    }
    return render(request, "style/guide.html", context)


def _side(theme: str) -> Side:
    suffix = f"-{theme}" if theme else ""
    wrong = SampleForm({"name": "", "amount": "-5"}, auto_id=f"wrong-%s{suffix}")
    wrong.is_valid()
    drawn = [(each, each.context(suffix)) for each in specimens()]
    return Side(theme, suffix, SampleForm(auto_id=f"sample-%s{suffix}"), wrong, drawn)


def _colours() -> list[tuple[str, str, str, str]]:
    light, dark = look.tokens("light"), look.tokens("dark")
    return [(name, light[name], dark[name], words) for name, words in MEANINGS.items()]


def _samples() -> dict[str, Any]:
    now = clock.now()
    rows = (
        Row("35/180", "25/06/2026", 150, "A", Decimal("920.80")),
        Row("36/180", "25/07/2026", 120, "B", Decimal("4500.00"), is_selected=True),
        Row("37/180", "24/08/2026", 90, "R", Decimal("486.28"), is_current=True),
        Row("38/180", "23/09/2026", 60, "P", Decimal("0.00"), is_quiet=True),
    )
    told = (("success", "Telefone incluído."), ("warning", "O ERP ainda não respondeu."),
            ("error", "O boleto venceu: emita outro."))  # fmt: skip
    return {
        "rows": rows,
        "sizes": SIZES,
        "spaces": SPACES,
        "fresh_at": now - timedelta(hours=2),
        "old_at": now - timedelta(hours=40),
        "page": Paginator(range(1240), 50).page(2),
        "page_of_one": Paginator(range(12), 50).page(1),
        "sample_messages": [Message(tag, text) for tag, text in told],
        "sample_notices": [
            Notice("warn", "Cota de chamadas: 80 % usada hoje.", "#avisos", "Ver a cota")
        ],
        "total": Decimal("5907.08"),
    }
