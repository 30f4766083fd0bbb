"""A chart for the style guide, made of round numbers."""

from decimal import Decimal
from typing import Any

from cobranca.common import specimens
from cobranca.reports.board import Chart, Line, Series
from cobranca.reports.facts.fact import MONEY

WORDS = (
    "Barras a partir do zero, com o valor escrito; nunca pizza. As cores dizem o mesmo que nas "
    "tabelas: verde recebido, âmbar à espera. Toda figura tem uma frase e a própria tabela."
)


def _chart(side: str) -> dict[str, Any]:
    series = (
        Series("paid", "Recebido", MONEY, "good"),
        Series("promised", "Prometido", MONEY, "wait"),
    )
    told = (("Aurora", "42000", "8000"), ("Boreal", "27500", "12500"), ("Cristal", "9000", "0"))
    lines = [
        Line(label.lower(), label, {"paid": Decimal(paid), "promised": Decimal(promised)})
        for label, paid, promised in told
    ]
    says = "Aurora recebeu mais da metade dos R$ 78.500,00 do mês; Boreal espera R$ 12.500,00."
    return {"chart": Chart(f"exemplo{side}", "Recebido por credor", says, "Credor", series, lines)}


def register() -> None:
    """Show it in the guide."""
    specimens.register(
        specimens.Specimen("Gráficos", WORDS, "reports/_chart.html", _chart, "css/reports.css")
    )
