"""What error pages and error mails tell of a failure: where, never with what.

Django hides values by the name of their variable: a password within an address, a tuple or the
arguments of a library's function has none. The report keeps the lines of code and every name.
"""

import re
from collections.abc import ItemsView
from typing import Any

from django.http import HttpRequest, QueryDict
from django.views.debug import SafeExceptionReporterFilter

from cobranca.common.masking import MASK


class NamesOnlyFilter(SafeExceptionReporterFilter):
    """Shows the names of variables and fields; of settings also what holds no address or secret."""

    cleansed_substitute = MASK
    hidden_settings = re.compile(
        SafeExceptionReporterFilter.hidden_settings.pattern
        + "|URL|DSN|BROKER|DATABASE|COOKIE|CACHE|EMAIL",
        re.IGNORECASE,
    )

    def is_active(self, request: HttpRequest | None) -> bool:
        """Hide on pages for developers too: they are copied into tickets."""
        return True

    def get_post_parameters(self, request: HttpRequest | None) -> QueryDict:
        """Return the fields that were sent, without what was typed."""
        if request is None:
            return QueryDict()
        told = request.POST.copy()
        for name in told:
            told[name] = MASK
        return told

    def get_safe_cookies(self, request: HttpRequest) -> dict[str, str]:
        """Return the names of the cookies."""
        return dict.fromkeys(getattr(request, "COOKIES", {}), MASK)

    def get_traceback_frame_variables(
        self, request: HttpRequest | None, tb_frame: Any
    ) -> ItemsView[str, Any]:
        """Return the names of a frame's variables."""
        return dict.fromkeys(tb_frame.f_locals, MASK).items()
