"""Sessions in the database, found by a query that is written and planned once."""

from datetime import datetime
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from cobranca.common import clock
from cobranca.common.prepared import Prepared


def _query(key: str, now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)


_session = Prepared(_query, by_agency=False, key=str, now=datetime)


class SessionStore(db.SessionStore):
    """Django's own, read with less ado; its name is part of the signature, so it stays."""

    def _get_session_from_db(self) -> Any:
        for found in _session(key=self.session_key, now=clock.now()):
            return found
        self._session_key = None
        return None
