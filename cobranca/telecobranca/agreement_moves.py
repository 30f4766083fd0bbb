"""What may be done to an agreement now, by whom, and exactly what it will do."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cobranca.accounts.models import User
from cobranca.agreements.cover import covered_count, credits, left_over
from cobranca.agreements.models import Agreement, AgreementItem
from cobranca.agreements.services import (
    approve_agreement,
    break_agreement,
    cancel_agreement,
    integrate_agreement,
    is_sent,
    refuse_agreement,
    submit_agreement,
)
from cobranca.agreements.services.authority import MAY_APPROVE, check_approver, discount_percent
from cobranca.agreements.services.breaching import may_break_waiting
from cobranca.agreements.states import AgreementStatus, WaitsFor
from cobranca.calc.money import ZERO
from cobranca.calc.words import percentage, reais
from cobranca.common.errors import DomainError
from cobranca.contracts.erp import gateway_for
from cobranca.contracts.states import InstallmentStatus
from cobranca.creditors.selectors import value_of
from cobranca.creditors.standard_parameters import RECALL_ORIGINALS_ON_BREACH

MAY_CHANGE = "agreements.change_agreement"
MAY_PAY = "agreements.add_agreementpayment"
MAY_REVERSE = "agreements.change_agreementpayment"


@dataclass(frozen=True)
class Move:
    """One thing that may be done to a whole agreement."""

    slug: str
    label: str
    permission: str
    # Whether the agreement's state lets it be done; the services have the last word.
    fits: Callable[[Agreement], bool]
    # What will happen, in sentences.
    tells: Callable[[Agreement], list[str]]
    done: str
    act: Callable[..., Agreement]
    icon: str
    needs_reason: bool = False
    is_destructive: bool = False

    def question(self, agreement: Agreement) -> str:
        """Return the heading of the dialog."""
        return f"{self.label} o acordo {agreement.number}?"

    def run(self, agreement_id: int, *, actor: User, on: date, reason: str) -> Agreement:
        """Do it."""
        told = {"reason": reason} if self.needs_reason else {}
        return self.act(agreement_id=agreement_id, actor=actor, on=on, **told)


def moves_for(agreement: Agreement, actor: User) -> Iterator[Move]:
    """Yield what `actor` may do to the agreement as it stands."""
    for move in MOVES.values():
        may = actor.has_perm(move.permission) and move.fits(agreement)
        if may and (move.permission != MAY_APPROVE or _has_say(move, agreement, actor)):
            yield move


def _has_say(move: Move, agreement: Agreement, actor: User) -> bool:
    """Tell whether `actor` decides on a discount as large; to refuse one, anybody may."""
    if move.act is refuse_agreement:
        return True
    try:
        check_approver(agreement, actor)
    except DomainError:
        return False
    return True


def paid_of(agreement: Agreement) -> Decimal:
    """Return what was received for it and not reversed."""
    return sum((parcel.paid for parcel in agreement.parcels.all()), ZERO)


def may_pay(agreement: Agreement, actor: User) -> bool:
    """Tell whether `actor` may record money for it; an integrated one is paid in the ERP."""
    is_ours = agreement.status == AgreementStatus.ACTIVE and not agreement.is_integrated
    return is_ours and actor.has_perm(MAY_PAY)


def may_reverse(agreement: Agreement, actor: User) -> bool:
    """Tell whether `actor` may take back money recorded for it."""
    is_open = agreement.status in (AgreementStatus.ACTIVE, AgreementStatus.SETTLED)
    return is_open and not agreement.is_integrated and actor.has_perm(MAY_REVERSE)


# --- when ----------------------------------------------------------------------------------------


def _is_proposal(agreement: Agreement) -> bool:
    return agreement.status == AgreementStatus.PROPOSAL


def _waits_approval(agreement: Agreement) -> bool:
    return agreement.waits_for == WaitsFor.APPROVAL


def _can_cancel(agreement: Agreement) -> bool:
    if agreement.status == AgreementStatus.ACTIVE:
        return not agreement.is_integrated and not paid_of(agreement)
    return _is_proposal(agreement) or agreement.status == AgreementStatus.WAITING


def _can_break(agreement: Agreement) -> bool:
    if agreement.is_integrated:
        return False
    if agreement.status == AgreementStatus.ACTIVE:
        return True
    return _waits_approval(agreement) and may_break_waiting(agreement)


def _can_integrate(agreement: Agreement) -> bool:
    if is_sent(agreement):
        return True
    is_open = agreement.status in (AgreementStatus.PROPOSAL, AgreementStatus.ACTIVE)
    is_new = is_open and not agreement.external_id and not paid_of(agreement)
    return is_new and gateway_for(agreement.creditor).can_integrate


# --- what ----------------------------------------------------------------------------------------


def _count(number: int, one: str, many: str) -> str:
    return one if number == 1 else many.format(number)


def _originals(number: int) -> str:
    return _count(number, "1 parcela original", "{} parcelas originais")


def _held(agreement: Agreement) -> list[AgreementItem]:
    return [
        item
        for item in agreement.items.all()
        if item.is_live and item.installment.status == InstallmentStatus.NEGOTIATED
    ]


def _takes_effect(agreement: Agreement) -> list[str]:
    number = len(agreement.items.all())
    leaves = _count(number, "deixa", "deixam")
    return [f"O acordo passa a valer e {_originals(number)} {leaves} a cobrança."]


def _tells_approval(agreement: Agreement) -> list[str]:
    share = percentage(discount_percent(agreement))
    return [
        f"O desconto é de {reais(agreement.discount)}, {share} da dívida atualizada de "
        f"{reais(agreement.updated_debt)}.",
        f"O acordo de {reais(agreement.total)} passa a valer com a sua aprovação.",
    ]


def _returns(agreement: Agreement) -> str:
    held = _held(agreement)
    if not held:
        return "Nenhuma parcela muda: a proposta não tirou parcelas da cobrança."
    back = _count(len(held), "volta", "voltam")
    owed = sum((item.installment.owed for item in held), ZERO)
    return f"{_originals(len(held)).capitalize()}, {reais(owed)}, {back} à cobrança."


def _tells_refusal(agreement: Agreement) -> list[str]:
    return ["O acordo é cancelado e não poderá ser retomado.", _returns(agreement)]


def _tells_cancelling(agreement: Agreement) -> list[str]:
    what = "A proposta" if _is_proposal(agreement) else "O acordo"
    told = [f"{what} deixa de valer e não pode ser retomad{what[0].lower()}.", _returns(agreement)]
    if agreement.waits_for == WaitsFor.ERP:
        told.append("O que o ERP já tiver gravado dele é desfeito lá.")
    return told


def _tells_breach(agreement: Agreement) -> list[str]:
    paid, items = paid_of(agreement), list(agreement.items.all())
    nets = [item.net for item in items]
    covered = covered_count(nets, paid)
    held = {item.pk for item in _held(agreement)}
    back = [item for item in items[covered:] if item.pk in held]
    owed = [item.installment.owed for item in back]
    off = credits(left_over(nets, paid), owed)
    told = [f"O que falta do acordo, {reais(agreement.total - paid)}, deixa de ser esperado."]
    told += _money_of(paid, covered, sum(off, ZERO))
    rest = [debt - taken for debt, taken in zip(owed, off, strict=True) if debt > taken]
    return [*told, _where_to(agreement, paid, rest)]


def _money_of(paid: Decimal, covered: int, off: Decimal) -> Iterator[str]:
    if not paid:
        return
    settled = _count(covered, "fica quitada", "ficam quitadas")
    yield (
        f"Dos {reais(paid)} pagos, {_originals(covered)} {settled}."
        if covered
        else (f"Os {reais(paid)} pagos não cobrem nenhuma parcela original inteira.")
    )
    if off:
        yield f"{reais(off)} são abatidos das parcelas seguintes."


def _where_to(agreement: Agreement, paid: Decimal, rest: list[Decimal]) -> str:
    recalled = paid and value_of(
        RECALL_ORIGINALS_ON_BREACH, agency=agreement.agency, creditor=agreement.creditor
    )
    what = f"{_originals(len(rest)).capitalize()}, {reais(sum(rest, ZERO))},"
    if recalled:
        return f"{what} {_count(len(rest), 'é devolvida', 'são devolvidas')} ao credor."
    return f"{what} {_count(len(rest), 'volta', 'voltam')} à cobrança."


def _tells_integration(agreement: Agreement) -> list[str]:
    if is_sent(agreement):
        return ["O ERP é consultado antes: o que ele já gravou não é gravado de novo."]
    return [
        f"Um reparcelamento de {reais(agreement.total)} é gravado no ERP de {agreement.creditor}.",
        "Para desfazer depois, será preciso excluir o reparcelamento no próprio ERP.",
    ]


_ALL = (
    Move(
        "aprovar", "Aprovar", MAY_APPROVE, _waits_approval, _tells_approval,
        "aprovado", approve_agreement, "badge-check",
    ),
    Move(
        "recusar", "Recusar", MAY_APPROVE, _waits_approval, _tells_refusal,
        "recusado", refuse_agreement, "ban", needs_reason=True, is_destructive=True,
    ),
    Move(
        "efetivar", "Efetivar", MAY_CHANGE, _is_proposal, _takes_effect,
        "efetivado", submit_agreement, "handshake",
    ),
    Move(
        "integrar", "Integrar ao ERP", MAY_CHANGE, _can_integrate, _tells_integration,
        "integrado ao ERP", integrate_agreement, "plug",
    ),
    Move(
        "cancelar", "Cancelar", MAY_CHANGE, _can_cancel, _tells_cancelling,
        "cancelado", cancel_agreement, "x", needs_reason=True, is_destructive=True,
    ),
    Move(
        "quebrar", "Quebrar", MAY_CHANGE, _can_break, _tells_breach,
        "quebrado", break_agreement, "heart-crack", needs_reason=True, is_destructive=True,
    ),
)  # fmt: skip
MOVES: Mapping[str, Move] = {move.slug: move for move in _ALL}
