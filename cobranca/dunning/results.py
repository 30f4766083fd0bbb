"""Which results a contact may have: the office's own, from a list that every office starts with."""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, QuerySet

from cobranca.accounts.models import Agency
from cobranca.dunning.models import ContactResult

# Code, label, and what follows. Ordered by how often a collector needs them: the keys 1 to 9, 0.
_DEFAULTS: Sequence[tuple[str, str, dict[str, int | bool]]] = (
    ("nao-atende", "Não atende", {"pause_hours": 4}),
    ("promessa", "Promessa de pagamento", {"is_effective": True, "wants_promise": True}),
    ("falou", "Falou com o devedor", {"is_effective": True}),
    ("recado", "Deixou recado", {"pause_hours": 24}),
    ("caixa-postal", "Caixa postal", {"pause_hours": 4}),
    ("ocupado", "Ocupado", {"pause_hours": 1}),
    ("numero-errado", "Número errado", {"inactivates_phone": True, "pause_hours": 0}),
    ("pediu-retorno", "Pediu retorno", {"is_effective": True, "wants_callback": True}),
    ("ja-pagou", "Diz que já pagou", {"is_effective": True, "pause_hours": 72}),
    ("recusa", "Recusa pagar", {"is_effective": True, "pause_hours": 72}),
    ("falecido", "Falecido", {"pause_hours": 720}),
    ("mensagem-enviada", "Mensagem enviada", {"pause_hours": 24}),
)


def default_results(agency: Agency, using: str = "default") -> list[ContactResult]:
    """Give an agency the results every office needs, but those it has; doing it twice is safe."""
    results = ContactResult._base_manager.using(using)
    results.bulk_create(
        [
            ContactResult(agency=agency, code=code, label=label, position=place, **follows)
            for place, (code, label, follows) in enumerate(_DEFAULTS, start=1)
        ],
        ignore_conflicts=True,
    )
    return list(results.filter(agency=agency).order_by("position", "id"))


def furnish_bare_agencies(using: str) -> None:
    """Give the defaults to each agency that has no result at all."""
    results = ContactResult._base_manager.using(using).filter(agency=OuterRef("pk"))
    for agency in Agency.objects.using(using).filter(~Exists(results)):
        default_results(agency, using)


def results_in_use() -> QuerySet[ContactResult]:
    """Return the results that may be chosen, in the office's order."""
    return ContactResult.objects.filter(is_active=True).order_by("position", "id")
