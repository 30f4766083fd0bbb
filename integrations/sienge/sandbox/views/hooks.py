"""Subscriptions to events. Their names are not validated: a typo simply never fires."""

from typing import Any

from integrations.sandbox.messages import Reply
from integrations.sienge.sandbox.call import Call
from integrations.sienge.sandbox.model import Hook
from integrations.sienge.sandbox.routes import Route


def list_hooks(call: Call) -> Reply:
    """Answer with the hooks of every integration of the tenant."""
    return call.page(list(call.world.hooks.values()), hook)


def one_hook(call: Call) -> Reply:
    """Answer with one hook."""
    row = call.world.hooks.get(call.path["hookId"])
    return _refusal(404, "Hook não encontrado") if row is None else Reply(payload=hook(row))


def create_hook(call: Call) -> Reply:
    """Add a hook; whatever the event names are."""
    try:
        wanted = call.request.json()
    except ValueError:
        return _refusal(400, "Corpo não é JSON válido")
    problem = _problem(wanted)
    if problem:
        return _refusal(400, problem)
    row = Hook(
        id=call.world.new_uuid("hook"),
        url=wanted["url"],
        token=wanted.get("token"),
        events=list(wanted["events"]),
    )
    call.world.hooks[row.id] = row
    return Reply(payload=hook(row))


def _problem(wanted: Any) -> str | None:
    if not isinstance(wanted, dict) or not str(wanted.get("url", "")).startswith("http"):
        return "url é obrigatória"
    events = wanted.get("events")
    if not isinstance(events, list) or not all(isinstance(name, str) for name in events):
        return "events é obrigatório"
    return None if events else "events não pode ser vazio"


def delete_hook(call: Call) -> Reply:
    """Remove a hook."""
    row = call.world.hooks.pop(call.path["hookId"], None)
    return _refusal(404, "Hook não encontrado") if row is None else Reply(payload=hook(row))


def hook(row: Hook) -> dict[str, Any]:
    """Return a hook as the newer documentation shows it: without its token."""
    return {"id": row.id, "url": row.url, "events": list(row.events)}


def _refusal(status: int, message: str) -> Reply:
    """Return the error body of this API, which is not that of the others."""
    body = {"status": str(status), "developerMessage": message, "userMessage": [message]}
    return Reply(status=status, payload=body)


ROUTES = [
    Route("GET", "/hooks", "hooks", list_hooks),
    Route("POST", "/hooks", "hooks", create_hook, changes=True),
    Route("GET", "/hooks/{hookId}", "hooks", one_hook),
    Route("DELETE", "/hooks/{hookId}", "hooks", delete_hook, changes=True),
]
