"""The subscriptions an office needs in Sienge, looked at, created, repaired and removed (SIE-14).

Sienge lists the hooks of all integrations of the tenant and changes none: what differs is made
anew first and deleted afterwards, so that nothing is missed between. Whether a hook carries our
token it does not tell: those that were created with it are `known` by their ids.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from urllib.parse import urlsplit

from integrations.core.connector import HookState
from integrations.core.errors import IntegrationError, RetryableError, UnknownOutcomeError
from integrations.core.fields import text
from integrations.sienge import rows as r
from integrations.sienge.client import SiengeClient
from integrations.sienge.mapping.sheet import as_list

OK, MISSING, DIFFERENT, UNAVAILABLE = "ok", "missing", "different", "unavailable"
SITUATION = "UPDATE_RECEIVABLE_BILL_SITUATION"
REPLACED = "Existe com outro token, endereço ou eventos: o reparo o substitui."
SPARE = "Em dobro ou sem uso: o reparo o remove."
OTHER = "Outro"
NO_EVENT = f"Sem evento público no Sienge; o que há de mais próximo é {SITUATION}."


@dataclass(frozen=True)
class Wanted:
    """A subscription as the playbook calls it (6.9.1), and the events that stand for it."""

    label: str
    events: tuple[str, ...]


WANTED = (
    Wanted("Pagamento", ("RECEIPT_PROCESSED",)),
    # With one L: Sienge accepts the other spelling and never fires it.
    Wanted("Contrato cancelado", ("SALES_CONTRACT_CANCELED",)),
    Wanted("Parcela criada", ("RECEIVABLE_INSTALLMENT_CREATED",)),
    Wanted("Parcela alterada", ("RECEIVABLE_INSTALLMENT_UPDATED",)),
    Wanted("Parcela removida", ("RECEIVABLE_INSTALLMENT_REMOVED",)),
    Wanted("Boleto criado", ("PAYMENT_SLIP_REGISTERED", "BOOK_COLLECTION_CONFIRMED")),
    Wanted("Cessão de direitos", ("ASSIGNMENT_RIGHTS_AGREEMENT_UPDATED",)),
    Wanted("Situação do título", (SITUATION,)),
)
SPC_LABELS = ("SPC inclusão", "SPC atualizado", "SPC exclusão")


@dataclass(frozen=True)
class Hook:
    """A hook as it is over there."""

    id: str
    url: str
    events: frozenset[str]

    @property
    def told(self) -> str:
        """Return its events for a person."""
        return ", ".join(sorted(self.events)) or "nenhum evento"


class HookKeeper:
    """The hooks of one tenant that lead to one address of ours."""

    def __init__(self, client: SiengeClient, spc_events: Sequence[str] = ()) -> None:
        self._client = client
        self._wanted = [*WANTED, *_spc(spc_events)]

    def look(self, url: str, known: Collection[str]) -> list[HookState]:
        """Return the state of every subscription wanted at `url`; changes nothing."""
        return _Found(self._wanted, url, known, self._hooks()).states()

    def install(self, url: str, token: str, known: Collection[str]) -> list[HookState]:
        """Create what is missing, replace what differs; what failed is said in its state."""
        before = self._hooks()
        found = _Found(self._wanted, url, known, before)
        failed: dict[str, str] = {}
        made = set(known)
        unnamed: list[Wanted] = []
        for wanted in found.absent():
            try:
                made.add(self._client.create_hook(url, token, wanted.events))
            except UnknownOutcomeError as error:
                failed[wanted.label] = error.message
                unnamed.append(wanted)
            except IntegrationError as error:
                failed[wanted.label] = error.message
        if found.absent():
            after = self._hooks()
            fresh = [hook for hook in after if hook not in before and hook.id not in made]
            made |= _adopted(fresh, unnamed, url)
            found = _Found(self._wanted, url, made, after)
        return [*found.states(failed), *self._delete(found.dispensable())]

    def remove(self, url: str, known: Collection[str]) -> int:
        """Remove the hooks that lead to `url`; returns how many, and raises if some are left."""
        ours = _Found(self._wanted, url, known, self._hooks()).ours
        left = self._delete(ours)
        if left:
            told = f"{len(ours) - len(left)} de {len(ours)} webhooks removidos. {left[0].message}"
            raise RetryableError(told, "some hooks were not deleted")
        return len(ours)

    def _hooks(self) -> list[Hook]:
        read = [_hook(row.value) for row in self._client.hooks() if row.value is not None]
        return [hook for hook in read if hook.id]

    def _delete(self, hooks: Iterable[Hook]) -> list[HookState]:
        """Delete hooks; returns the states of those that could not be."""
        left = []
        for hook in hooks:
            try:
                self._client.delete_hook(hook.id)
            except IntegrationError as error:
                message = f"Sobra no Sienge e não pôde ser removido: {error.message}"
                left.append(HookState(hook.told, OTHER, DIFFERENT, message, hook.id))
        return left


class _Found:
    """What is found of the wanted subscriptions in a list of hooks."""

    def __init__(
        self, wanted: Sequence[Wanted], url: str, known: Collection[str], hooks: Sequence[Hook]
    ) -> None:
        self._wanted = wanted
        self.ours = [hook for hook in hooks if hook.id in known or _place(hook.url) == _place(url)]
        self._chosen: dict[str, Hook] = {}
        for hook in self.ours:
            if hook.id in known and _same(hook.url, url) and self._fits(hook):
                self._chosen |= dict.fromkeys(hook.events, hook)

    def _fits(self, hook: Hook) -> bool:
        """Tell whether a hook has whole subscriptions, each wanted and not had already."""
        parts = [one for one in self._wanted if set(one.events) & hook.events]
        whole = frozenset(event for one in parts for event in one.events)
        return hook.events == whole and not hook.events & self._chosen.keys()

    def absent(self) -> list[Wanted]:
        """Return what there is no good hook for."""
        return [one for one in self._wanted if one.events and one.events[0] not in self._chosen]

    def dispensable(self) -> list[Hook]:
        """Return our hooks that nothing would be missed of without."""
        needed = {event for one in self.absent() for event in one.events}
        used = {hook.id for hook in self._chosen.values()}
        return [hook for hook in self.ours if hook.id not in used and not hook.events & needed]

    def states(self, failed: Mapping[str, str] | None = None) -> list[HookState]:
        """Return a line for each wanted subscription, and for each hook of ours without use."""
        lines = [self._state(one, (failed or {}).get(one.label, "")) for one in self._wanted]
        if failed is None:
            lines += [
                HookState(hook.told, OTHER, DIFFERENT, SPARE, hook.id)
                for hook in self.dispensable()
            ]
        return lines

    def _state(self, wanted: Wanted, failure: str) -> HookState:
        told = ", ".join(wanted.events)
        if not wanted.events:
            return HookState("", wanted.label, UNAVAILABLE, NO_EVENT)
        chosen = self._chosen.get(wanted.events[0])
        if chosen is not None:
            return HookState(told, wanted.label, OK, "", chosen.id)
        similar = any(hook.events & set(wanted.events) for hook in self.ours)
        state = DIFFERENT if similar else MISSING
        return HookState(told, wanted.label, state, failure or (REPLACED if similar else ""))


def _adopted(fresh: Sequence[Hook], unnamed: Sequence[Wanted], url: str) -> set[str]:
    """Return the hooks that were created though no readable answer said so, one of each."""
    found = {}
    for wanted in unnamed:
        for hook in fresh:
            if hook.events == set(wanted.events) and _same(hook.url, url):
                found[wanted.label] = hook.id
    return set(found.values())


def _spc(events: Sequence[str]) -> list[Wanted]:
    """Return the three of SPC; an office that was told their names sets them up."""
    told = zip_longest(SPC_LABELS, events[: len(SPC_LABELS)])
    return [Wanted(label, (event,) if event else ()) for label, event in told]


def _hook(row: r.Hook) -> Hook:
    events = frozenset(filter(None, map(text, as_list(row.events))))
    return Hook(text(row.id), text(row.url), events)


def _same(one: str, other: str) -> bool:
    return _address(one) == _address(other)


def _address(url: str) -> tuple[str, ...]:
    parts = urlsplit(url.strip())
    return (parts.scheme.lower(), parts.netloc.lower(), parts.path.rstrip("/"), parts.query)


def _place(url: str) -> tuple[str, ...]:
    """Return where an address leads, however it is spelt: http and https are one house."""
    try:
        return _address(url)[1:3]
    except ValueError:
        return (url,)
