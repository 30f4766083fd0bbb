"""What an office's book and timeline must be, worked out with pencil and paper.

Written from rows SIE-07 to SIE-22 and playbook 7 alone. It knows the ERP's book and which of its
titles the office has heard of, and how; nothing of pages, staging, SQL or webhooks.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

OWED = ("open", "negotiated")
Bill = dict[str, Any]
Line = tuple[Any, ...]

RECEIVED = {
    "Recebimento",
    "Adiantamento",
    "Abatimento de Adiantamento",
    "Por Bens",
    "Promoção",
    "Bonificação",
    "Sorteio",
    "Outros",
    "Outros com Resíduo",
}
GONE, CANCELLED = "não consta", "cancelada"
RENEGOTIATED = {"Reparcelamento", "Repactuação", "Substituição"}


class How(StrEnum):
    """Through what the office hears of titles."""

    DAILY = "carga diária"
    FULL = "batimento"
    TITLES = "webhook"
    PAYMENTS = "Sienge Pagamentos"
    OPENING = "abertura do devedor"

    @property
    def reads_alone(self) -> bool:
        """Whether titles are read by themselves, and told of as a synchronisation."""
        return self in (How.TITLES, How.OPENING)

    @property
    def is_whole(self) -> bool:
        """Whether what is not told is gone."""
        return self is How.FULL or self.reads_alone


@dataclass(frozen=True)
class Announced:
    """Titles that were read, and those of which boletos were."""

    titles: set[int] = field(default_factory=set)
    boletos: set[int] = field(default_factory=set)
    # Only installments with a receipt since then are told of.
    paid_since: date | None = None


@dataclass
class Row:
    """One installment as the office has it."""

    status: str
    due: date
    principal: Decimal
    balance: Decimal
    note: str
    boleto: bool


@dataclass
class Heard:
    """One title that the office took in: its holder at that time and its installments."""

    bill: int
    holder: int
    rows: dict[int, Row] = field(default_factory=dict)
    receipts: dict[int, dict[Line, dict[str, Any]]] = field(default_factory=dict)
    # What an agreement of the office replaced in the ERP, and what it generated there.
    originals: set[int] = field(default_factory=set)
    ours: set[int] = field(default_factory=set)
    # Recalled when somebody opened the debtor: a receipt may still tell why.
    unexplained: set[int] = field(default_factory=set)

    @property
    def key(self) -> str:
        return f"{self.bill}@{self.holder}"


def money(value: Any) -> Decimal:
    return Decimal(str(value)).quantize(Decimal("0.01"))


class Paper:
    """The office's side; `hear` returns the lines that its timelines must gain, by contract."""

    def __init__(self) -> None:
        self.current: dict[int, Heard] = {}
        self.former: dict[tuple[int, int], Heard] = {}
        self.noticed: set[tuple[int, int]] = set()
        self._with_boletos: set[int] | None = None
        self._paid_since: date | None = None

    def hear(
        self, bills: Iterable[Bill], how: How, announced: Announced | None = None
    ) -> dict[str, list[Line]]:
        """Take in all titles, or those that were announced."""
        told: dict[str, list[Line]] = {}
        titles = announced.titles if announced else None
        self._with_boletos = announced.boletos if announced else None
        self._paid_since = announced.paid_since if announced else None
        there = {bill["bill"]: bill for bill in bills if bill["complete"] and not bill["forecast"]}
        for number in sorted(
            there if titles is None else titles & (set(there) | set(self.current))
        ):
            for key, lines in self._hear_title(number, there.get(number), how):
                if lines:
                    told.setdefault(key, []).extend(lines)
        if how is How.FULL:
            for number in sorted(set(self.current) - set(there)):
                known = self.current[number]
                if lines := self._all_gone(known, how):
                    told.setdefault(known.key, []).extend(lines)
        return told

    def _hear_title(
        self, number: int, bill: Bill | None, how: How
    ) -> Iterator[tuple[str, list[Line]]]:
        known = self.current.get(number)
        if bill is None:
            if known and how.is_whole:
                yield known.key, self._all_gone(known, how)
            return
        if how is How.PAYMENTS:
            bill = self._paid_of(bill)
        if known and how is How.FULL and known.holder != bill["customer"] and _owes(bill):
            yield known.key, self._leave(known)
            known = self._move(bill)
            back = bool(known.rows)
            lines = self._compare(known, bill, how, is_new=not back)
            yield known.key, [("transfer", "recebido"), *lines]
            return
        if known:
            lines = self._compare(known, bill, how, is_new=False)
            if how.reads_alone and self._is_news(known, bill):
                lines.insert(0, ("transfer", "aviso"))
            yield known.key, lines
        elif how in (How.DAILY, How.FULL) and _owes(bill):
            known = self.current[number] = Heard(number, bill["customer"])
            yield known.key, self._compare(known, bill, how, is_new=True)

    def _paid_of(self, bill: Bill) -> Bill:
        """Return what a reading of payments tells: no cancellations, no other installments."""
        since = (self._paid_since or date.min).isoformat()
        paid = [
            row
            for row in bill["installments"]
            if any(receipt["paid_on"] >= since for receipt in row["receipts"])
        ]
        return bill | {"installments": paid, "contract_situation": ""}

    def _is_news(self, known: Heard, bill: Bill) -> bool:
        """Whether the ERP names another holder whom only a batimento brings in."""
        told = (known.bill, bill["customer"])
        if known.holder == bill["customer"] or not _owes(bill) or told in self.noticed:
            return False
        self.noticed.add(told)
        return True

    def _leave(self, known: Heard) -> list[Line]:
        for row in known.rows.values():
            if row.status == "open":
                row.status = "recalled"
        self.former[known.bill, known.holder] = known
        return [("transfer", "finalizado")]

    def _move(self, bill: Bill) -> Heard:
        """Return the title under its new holder: his former contract when he had it before."""
        key = (bill["bill"], bill["customer"])
        self.current[bill["bill"]] = self.former.pop(key, Heard(*key))
        return self.current[bill["bill"]]

    def _all_gone(self, known: Heard, how: How) -> list[Line]:
        gone = sorted(n for n, row in known.rows.items() if row.status == "open")
        for number in gone:
            known.rows[number].status = "recalled"
            if how is How.OPENING:
                known.unexplained.add(number)
        return [("recall", _label(GONE, how), tuple(gone))] if gone else []

    def _compare(self, known: Heard, bill: Bill, how: How, *, is_new: bool) -> list[Line]:
        moved = _Moves()
        cancelled = bill["contract_situation"] == "Cancelado"
        for there in bill["installments"]:
            self._compare_one(known, there, cancelled, moved)
            if how is not How.OPENING:
                self._explain(known, there, moved)
        if how.is_whole:
            self._recall_absent(known, bill, cancelled, moved)
        if how is How.OPENING:
            known.unexplained.update(moved.without_reason())
        else:
            adds = how is How.PAYMENTS
            self._take_receipts(known, bill, moved, is_new=is_new, adds=adds)
        return [*moved.lines(known, how, is_new=is_new), *self._conclude(known, moved)]

    @staticmethod
    def _recall_absent(known: Heard, bill: Bill, cancelled: bool, moved: "_Moves") -> None:
        present = {there["id"] for there in bill["installments"]}
        for number, row in known.rows.items():
            if row.status in OWED and number not in present:
                row.status = "recalled"
                if number in known.ours:
                    moved.undone.append(number)
                    continue
                why = "Distrato" if cancelled else GONE
                moved.recalled.setdefault(why, []).append(number)

    @staticmethod
    def _explain(known: Heard, there: dict[str, Any], moved: "_Moves") -> None:
        """A receipt that comes after an opening says why the opening found nothing to collect."""
        number = there["id"]
        row = known.rows.get(number)
        is_closed = row is not None and row.status == "recalled" and money(there["balance"]) <= 0
        if number in known.unexplained and is_closed and _reason(there) == "Recebimento":
            known.unexplained.discard(number)
            moved.explained.append(number)

    def _conclude(self, known: Heard, moved: "_Moves") -> list[Line]:
        """What the agreement tells of what became of it: broken, or paid."""
        if any(known.rows[number].status == "open" for number in known.originals):
            left = sorted(n for n in known.ours if known.rows[n].balance > 0 or n in moved.undone)
            for number in left:
                known.rows[number].status = "recalled"
            known.originals, known.ours = set(), set()
            return [("recall", "Solicitação do credor", tuple(left)), ("breach",)]
        paid: list[Line] = [("payment", (number,)) for number in sorted(moved.agreed)]
        if paid and not any(known.rows[number].status in OWED for number in known.ours):
            paid.append(("agreement", "Acordo quitado"))
        return paid

    def agree(self, bill: Bill, originals: list[int]) -> None:
        """Note an agreement of ours that the ERP accepted."""
        known = self.current[bill["bill"]]
        known.originals = set(originals)
        known.ours = set(bill["remakings"][-1]["generated"])
        for number in originals:
            known.rows[number].status = "recalled"
        for row in bill["installments"]:
            if row["id"] in known.ours:
                known.rows[row["id"]] = self._row(known, row)

    def _row(self, known: Heard, there: dict[str, Any]) -> Row:
        return Row(
            status="negotiated" if there["id"] in known.ours else "open",
            due=date.fromisoformat(there["due_on"]),
            principal=money(there["original"]),
            balance=money(there["balance"]),
            note=there["condition"].strip(),
            boleto=self._boleto(known, there),
        )

    def _compare_one(
        self, known: Heard, there: dict[str, Any], cancelled: bool, moved: "_Moves"
    ) -> None:
        number, row = there["id"], known.rows.get(there["id"])
        wanted = self._row(known, there)
        is_open = wanted.balance > 0 and not cancelled
        if is_open and row is None:
            moved.added.append(number)
        elif is_open and row is not None:
            self._note_change(known, number, row, wanted, moved)
        elif row is not None and row.status in OWED:
            row.status = "recalled"
            if number in known.ours:
                moved.agreed.add(number)
            else:
                label = "Distrato" if cancelled else _reason(there)
                moved.recalled.setdefault(label, []).append(number)
        if is_open:
            known.rows[number] = wanted
            known.unexplained.discard(number)

    @staticmethod
    def _note_change(known: Heard, number: int, row: Row, wanted: Row, moved: "_Moves") -> None:
        if row.status == "recalled":
            # What happens to those of an agreement, the agreement tells.
            if number not in known.ours:
                moved.reopened.append(number)
        elif row != wanted:
            moved.changed.append(number)
            if row.due != wanted.due:
                moved.redated.add(number)

    def _boleto(self, known: Heard, there: dict[str, Any]) -> bool:
        """Read by themselves, titles tell their boletos only when it was these that changed."""
        if self._with_boletos is None or known.bill in self._with_boletos:
            return bool(there["boleto"])
        row = known.rows.get(there["id"])
        return row.boleto if row else False

    def _take_receipts(
        self, known: Heard, bill: Bill, moved: "_Moves", *, is_new: bool, adds: bool
    ) -> None:
        """Partial receipts are told one by one, total ones by the recall they end in."""
        for there in bill["installments"]:
            row = known.rows.get(there["id"])
            if row is None:
                continue
            now = {_mark(r): r for r in there["receipts"]}
            before = known.receipts.get(there["id"], {})
            if adds:  # what is not told there may only be older
                now = before | now
            known.receipts[there["id"]] = now
            if is_new:
                continue
            fresh = sorted(now.keys() - before.keys())
            gone = sorted(before.keys() - now.keys())
            told = [now[mark] for mark in fresh]
            self._tell_receipts(there["id"], row, told, moved, known.ours)
            for receipt in (before[mark] for mark in gone):
                moved.settled.add(there["id"])
                if _is_money(receipt) and money(receipt["net"]) > 0:
                    moved.reversed.append((there["id"], money(receipt["net"]), row.balance))

    def _tell_receipts(
        self,
        number: int,
        row: Row,
        fresh: list[dict[str, Any]],
        moved: "_Moves",
        ours: Collection[int],
    ) -> None:
        """Of several that came at once, each shows what was left after it."""
        left = row.balance + sum((money(r["gross"]) for r in fresh), Decimal(0))
        for receipt in fresh:
            left -= money(receipt["gross"])
            net = money(receipt["net"])
            if number in ours:
                pass  # the agreement tells that it was paid
            elif net < 0:
                moved.reversed.append((number, -net, row.balance))
            elif net > 0 and row.status == "open":
                moved.paid.append((number, row.principal, net, left))
            moved.settled.add(number)


@dataclass
class _Moves:
    added: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    reopened: list[int] = field(default_factory=list)
    recalled: dict[str, list[int]] = field(default_factory=dict)
    paid: list[tuple[int, Decimal, Decimal, Decimal]] = field(default_factory=list)
    reversed: list[tuple[int, Decimal, Decimal]] = field(default_factory=list)
    # Installments with new receipts or without old ones.
    settled: set[int] = field(default_factory=set)
    redated: set[int] = field(default_factory=set)
    # Of what agreements generated: what was paid, what is there no more.
    agreed: set[int] = field(default_factory=set)
    undone: list[int] = field(default_factory=list)
    explained: list[int] = field(default_factory=list)

    def without_reason(self) -> list[int]:
        """Return what was recalled for no reason that an opening tells."""
        told = ("Renegociação", "Distrato")
        return [n for why, gone in self.recalled.items() if why not in told for n in gone]

    def lines(self, known: Heard, how: How, *, is_new: bool) -> list[Line]:
        """Return what is told, in the order of SIE-13: ended, changed, renegotiated, new."""
        read_alone = how.reads_alone
        return [
            *([] if read_alone else self._imported(known, is_new=is_new)),
            *(("direct_payment", *row) for row in sorted(self.paid, key=lambda row: row[0])),
            *(("reversal", *row) for row in sorted(self.reversed, key=lambda row: row[0])),
            *_line("reopen", self.reopened),
            *self._recalls(how, remade=False),
            *(_line("sync", self._synced()) if read_alone else []),
            *self._recalls(how, remade=True),
            *(_line("sync", self.added) if read_alone else []),
        ]

    def _imported(self, known: Heard, *, is_new: bool) -> list[Line]:
        if is_new and self.added:
            total = sum((known.rows[n].balance for n in self.added), Decimal(0))
            return [("included", len(self.added), total)]
        return _line("updated", self.added + self.changed)

    def _synced(self) -> list[int]:
        """A balance that fell by a receipt is told by the receipt."""
        return [n for n in self.changed if n not in self.settled or n in self.redated]

    def _recalls(self, how: How, *, remade: bool) -> list[Line]:
        """One line for each reason and evidence; of several, in no order that matters."""
        gone: dict[Any, list[int]] = {}
        for why, numbers in self.recalled.items():
            # An opening has the same evidence for all.
            evidence = "" if how is How.OPENING else why
            gone.setdefault((_label(why, how), evidence), []).extend(numbers)
        told = [("recall", label, tuple(sorted(numbers))) for (label, _), numbers in gone.items()]
        if self.explained:
            told.append(("recall", "Recebimento", tuple(sorted(self.explained))))
        return sorted(line for line in told if (line[1] == "Renegociação") == remade)


def _line(kind: str, numbers: list[int]) -> list[Line]:
    return [(kind, tuple(sorted(numbers)))] if numbers else []


def _label(why: str, how: How) -> str:
    """Return the reason the timeline gives: a batimento has one of its own."""
    if how is How.FULL:
        return "Batimento"
    if how is How.OPENING and why not in ("Renegociação", "Distrato"):
        return "Solicitação do credor"
    return "Solicitação do credor" if why in (GONE, CANCELLED) else why


def _owes(bill: Bill) -> bool:
    return bill["contract_situation"] != "Cancelado" and any(
        money(row["balance"]) > 0 for row in bill["installments"]
    )


def _reason(there: dict[str, Any]) -> str:
    """Why an installment without balance ended: its last receipt says."""
    last = max(there["receipts"], key=lambda r: (r["paid_on"], r["sequence"]), default=None)
    name = last["operation_name"] if last else ""
    if name in RECEIVED:
        return "Recebimento"
    if name in RENEGOTIATED:
        return "Renegociação"
    return "Distrato" if name == "Distrato" else CANCELLED


def _mark(receipt: dict[str, Any]) -> Line:
    return (receipt["paid_on"], receipt["sequence"], receipt["operation_name"])


def _is_money(receipt: dict[str, Any]) -> bool:
    name = receipt["operation_name"]
    if name in ("Outros", "Outros com Resíduo"):
        return receipt["movement"] is not None
    return name in ("Recebimento", "Adiantamento")
