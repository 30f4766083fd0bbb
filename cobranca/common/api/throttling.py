"""How often one user may call."""

import time
from typing import Any

from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.throttling import BaseThrottle

WINDOW = 60


class CallsPerMinute(BaseThrottle):
    """So many calls per user and minute of the clock (DEFAULT_THROTTLE_RATES["user"]).

    One number per user in the shared cache, where REST framework's own throttle keeps the time
    of every call and writes them all back with each.
    """

    def allow_request(self, request: Request, view: Any) -> bool:
        """Count the call; refuse it beyond the limit."""
        limit = api_settings.DEFAULT_THROTTLE_RATES["user"]
        if limit is None or not request.user.is_authenticated:
            return True
        return _count(f"api-calls:{request.user.pk}:{int(time.time()) // WINDOW}") <= limit

    def wait(self) -> float:
        """Return how long the present minute lasts."""
        return WINDOW - time.time() % WINDOW


def _count(key: str) -> int:
    if cache.add(key, 1, WINDOW * 2):
        return 1
    try:
        return cache.incr(key)
    except ValueError:  # gone between the two
        return 1
