"""What `manage.py check` says of this installation's documents."""

from typing import Any

from django.core import checks

from cobranca.agreements.documents.libraries import PACKAGES, missing_libraries

NO_LIBRARIES = "documents.W001"


@checks.register
def check_pdf_libraries(**_: Any) -> list[checks.CheckMessage]:
    """Warn where agreements, receipts and statements cannot be drawn; all else works."""
    missing = missing_libraries()
    if not missing:
        return []
    return [
        checks.Warning(
            f"Faltam bibliotecas do sistema para gerar documentos em PDF: {', '.join(missing)}.",
            hint=f"No Debian, instale {PACKAGES}.",
            id=NO_LIBRARIES,
        )
    ]
