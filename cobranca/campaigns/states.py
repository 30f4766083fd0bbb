"""Words that campaigns, indices and quotes are described by."""

from django.db.models import TextChoices


class IndexKind(TextChoices):
    """How the values of a series are published."""

    VARIATION = "variation", "Variação mensal (%)"
    LEVEL = "level", "Número-índice ou valor"


class PlanKind(TextChoices):
    """How the debtor pays."""

    CASH = "cash", "À Vista"
    INSTALMENTS = "instalments", "Parcelado"
