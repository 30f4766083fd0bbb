"""Subscriptions to events (2.19). There is no change: what differs is deleted and made anew."""

from collections.abc import Sequence

import msgspec

from integrations.core.calls import Call
from integrations.core.streaming import Row
from integrations.sienge import rows as r
from integrations.sienge.client.base import Endpoints, Resource, at
from integrations.sienge.paging import list_all

HOOKS = Resource("ListarWebhooks", "/hooks", "Webhooks", r.Hook)


class Hooks(Endpoints):
    """The hooks of the whole tenant: those of other integrations too."""

    def hooks(self) -> list[Row[r.Hook]]:
        """GET /hooks, all pages."""
        return list_all(lambda offset: self._page(HOOKS, offset), lambda row: row.id)

    def create_hook(self, url: str, token: str, events: Sequence[str]) -> str:
        """POST /hooks; returns its id, "" when the answer does not tell it."""
        self._http.journal.hide(token)
        body = {"url": url, "token": token, "events": list(events)}
        call = Call("CriarWebhook", self._rest + HOOKS.path, HOOKS.permission)
        made = self._write(call, "POST", body, msgspec.json.Decoder(r.Hook).decode)
        return "" if made is None or made.id is None else str(made.id)

    def delete_hook(self, hook: str) -> bool:
        """DELETE /hooks/{id}; False when there is none."""
        url = self._rest + at("/hooks/{}", hook)
        return self._delete(Call("ExcluirWebhook", url, HOOKS.permission))
