"""Announcements are answered before hosts, sessions and request logs come into it.

They come in bursts, from a machine that waits 2.5 seconds, and need nothing of what follows.
"""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from integrations.core.views_intake import intake

BELOW = "/webhooks/"
# With or without the last slash: a POST cannot be redirected.
ADDRESS = re.compile(r"/webhooks/(?P<system>[a-z][a-z0-9_-]{0,39})/(?P<agency_id>[0-9]{1,18})/?")
NOWHERE = {"system": "", "agency_id": "0"}


class IntakeMiddleware:
    """Answer at the addresses of announcements, or let the request through."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Take an announcement in, or go on."""
        if not request.path_info.startswith(BELOW):
            return self.get_response(request)
        found = ADDRESS.fullmatch(request.path_info)
        # What is no address of any system is answered here too, with as little ado.
        return intake(request, **(found.groupdict() if found else NOWHERE))
