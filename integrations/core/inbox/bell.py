"""Ringing for a worker when announcements came: once for a burst, and never in the way of one."""

from threading import Lock, Timer

import structlog
from django.db import connection

from cobranca.common.bell import ring_on_commit

logger = structlog.get_logger(__name__)

PROCESS = "inbox.process"
# What comes in this time is one burst. The ring follows its last moment, so that whoever
# hears it finds everything that came before; one that is lost is made good by the sweeper.
BURST_SECONDS = 0.5

_lock = Lock()
_about_to_ring: set[int] = set()


def ring(agency_id: int) -> None:
    """Ring for an agency's announcements, soon; its own thread waits, also for a slow broker."""
    with _lock:
        if agency_id in _about_to_ring:
            return
        _about_to_ring.add(agency_id)
    timer = Timer(BURST_SECONDS, _ring, [agency_id])
    timer.daemon = True
    timer.start()


def _ring(agency_id: int) -> None:
    with _lock:
        _about_to_ring.discard(agency_id)
    try:
        ring_on_commit(PROCESS, agency_id)
    except Exception:  # nobody is there to hear of it: the sweeper rings within a minute
        logger.exception("webhook.bell_failed", agency=agency_id)
    finally:
        connection.close()
