"""What leaves the office as a file is noted: who took what, under which filters, how much of it."""

from collections.abc import Mapping
from urllib.parse import urlencode

from cobranca.accounts.models import Agency, User
from cobranca.audit.services import log_action


def note_export(
    *, agency: Agency, actor: User, what: str, form: str, count: int, query: Mapping[str, str]
) -> None:
    """Write an export into the trail, before its first byte leaves."""
    changes = {
        "o quê": ["", what],
        "formato": ["", form.upper()],
        "linhas": ["", f"{count:,}".replace(",", ".")],
        "filtros": ["", urlencode(query)],
    }
    log_action("report.exported", agency, actor, agency=agency, changes=changes)
