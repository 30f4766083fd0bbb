"""POSTs that may be repeated: with an Idempotency-Key the same call is done once.

The network may lose an answer; whoever asks again with the same key and body within a day gets
the same answer. Where answers are kept is the accounts room's affair, which installs its store.
"""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from rest_framework.exceptions import ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cobranca.common import clock

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
_KEY = re.compile(r"[\x21-\x7e]{1,200}")


@dataclass(frozen=True)
class Call:
    """A call as its repetitions are recognised; `fingerprint` is of what it says."""

    user: Any
    route: str
    key: str
    fingerprint: str
    at: datetime


@dataclass(frozen=True)
class Answer:
    """What was answered; `body` is JSON."""

    status: int
    body: str
    is_repeated: bool = False


class Store(Protocol):
    """Answers a call once, whatever the number of times and processes it comes in."""

    def __call__(self, call: Call, run: Callable[[], Answer], *, in_transaction: bool) -> Answer:
        """Return the answer given to `call` before, else what `run` answers now."""


_stores: list[Store] = []


def install(store: Store) -> None:
    """Make `store` the one that keeps answers."""
    _stores[:] = [store]


class IdempotentPosts(APIView):
    """A view whose POSTs honour the header Idempotency-Key.

    The effect of a POST and its answer are kept in one transaction; a view whose POST talks to
    other systems switches that off, and is then done again if it broke off half-way.
    """

    posts_in_transaction = True
    # Actions that answer a file, which is not kept: they are done each time they are asked for.
    file_actions: tuple[str, ...] = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Let the caller in, then put the store in front of the POST."""
        super().initial(request, *args, **kwargs)
        handler = getattr(self, "post", None)
        is_kept = getattr(self, "action", None) not in self.file_actions
        if request.method == "POST" and handler and is_kept and HEADER in request.headers:
            self.post = partial(self._post_once, handler)

    def _post_once(
        self, handler: Callable[..., Response], request: Request, *args: Any, **kwargs: Any
    ) -> Response:
        def run() -> Answer:
            response = handler(request, *args, **kwargs)
            return Answer(response.status_code, JSONRenderer().render(response.data).decode())

        answer = _stores[0](_call_of(request), run, in_transaction=self.posts_in_transaction)
        headers = {REPLAYED: "true"} if answer.is_repeated else {}
        return Response(json.loads(answer.body), status=answer.status, headers=headers)


def _call_of(request: Request) -> Call:
    key = request.headers[HEADER]
    if not _KEY.fullmatch(key):
        message = "Use de 1 a 200 caracteres ASCII, sem espaços: um UUID, por exemplo."
        raise ValidationError({HEADER: [message]})
    said = json.dumps([request.get_full_path(), request.data], sort_keys=True, default=str)
    fingerprint = hashlib.sha256(said.encode()).hexdigest()
    return Call(request.user, request.path, key, fingerprint, clock.now())
