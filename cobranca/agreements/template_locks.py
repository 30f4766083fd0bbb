"""Who uses a template of agreements: rooms above this one say so (AGR-09)."""

from collections.abc import Callable

from cobranca.agreements.models import AgreementTemplate

# Returns who uses a template, as people call it ("contrato de serviço 7"); "" for nobody.
TemplateUse = Callable[[AgreementTemplate], str]
_uses: list[TemplateUse] = []


def register_template_use(use: TemplateUse) -> None:
    """Let a room say which templates it uses; called once, at start-up."""
    if use not in _uses:
        _uses.append(use)


def locked_by(template: AgreementTemplate) -> str:
    """Return who uses a template and so keeps its effect and approval; "" for nobody."""
    return next((who for use in _uses if (who := use(template))), "")


def template_is_locked(template: AgreementTemplate) -> bool:
    """Tell whether effect and approval of a template may not change."""
    return bool(locked_by(template))
