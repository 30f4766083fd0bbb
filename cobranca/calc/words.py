"""How figures and days are written for people: R$ 1.234,56, 0,9489%, 30/10/2021."""

from datetime import date
from decimal import Decimal

WEEKDAYS = (
    "segunda-feira",
    "terça-feira",
    "quarta-feira",
    "quinta-feira",
    "sexta-feira",
    "sábado",
    "domingo",
)
SWAP = str.maketrans(",.", ".,")


def reais(value: Decimal) -> str:
    """Write an amount of money: R$ 1.234,56."""
    return f"R$ {value:,.2f}".translate(SWAP).replace("R$ -", "-R$ ")


def percentage(value: Decimal) -> str:
    """Write a percentage with all its decimals, two at least: 1,00%, 0,9489%."""
    whole, _, decimals = f"{value:f}".partition(".")
    return f"{whole},{decimals.rstrip('0'):0<2}%"


def number(value: Decimal) -> str:
    """Write a plain number, with a comma: 1,0512."""
    return f"{value:f}".replace(".", ",")


def day_text(day: date) -> str:
    """Write a day: 30/10/2021."""
    return f"{day:%d/%m/%Y}"


def days_text(days: int) -> str:
    """Write a number of days: 1 dia, 142 dias."""
    return f"{days} dia" if days == 1 else f"{days} dias"
