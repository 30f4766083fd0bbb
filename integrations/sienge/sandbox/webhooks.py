"""Deliveries to the hooks of the tenant: reference section 3.1."""

from collections.abc import Iterator

from integrations.sandbox import jsonio
from integrations.sandbox.deliveries import Message
from integrations.sienge.sandbox.model import Event, Hook
from integrations.sienge.sandbox.world import World

USER_AGENT = "sienge-hooks"


def messages_of(world: World, event: Event, tenant: str) -> Iterator[Message]:
    """Yield the event as each hook that asked for it by name is told it."""
    for hook in list(world.hooks.values()):
        if event.name in hook.events:
            yield Message(
                sequence=event.sequence,
                id=event.id,
                event=event.name,
                hook=hook.id,
                url=hook.url,
                headers=_headers(event, hook, tenant),
                body=jsonio.dump(event.body),
            )


def _headers(event: Event, hook: Hook, tenant: str) -> dict[str, str]:
    headers = {
        "Content-Type": "application/json",
        "User-Agent": USER_AGENT,
        "x-sienge-tenant": tenant,
        "x-sienge-event": event.name,
        "x-sienge-hook-id": hook.id,
        "x-sienge-id": event.id,
    }
    return headers if hook.token is None else headers | {"Authorization": f"Bearer {hook.token}"}
