"""What a calculation refuses: always at a named input, in words that say what to do."""

from datetime import date


class CalcError(ValueError):
    """The inputs break a rule; the message is Portuguese and safe to show.

    `field` names the input at fault: `selection`, `on`, `discount_charges`, `final_value`…
    """

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class MissingIndexError(CalcError):
    """An index has no value for a month that the correction needs (CAL-12: never a silent 1)."""

    def __init__(self, series: str, month: date) -> None:
        super().__init__(
            f"Falta o índice {series} de {month:%m/%Y}: importe este mês e calcule de novo.",
            "index",
        )
        self.series = series
        self.month = month
