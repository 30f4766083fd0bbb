"""The control actions by name."""

from collections.abc import Callable, Mapping
from typing import Any

from integrations.sandbox.simulator import Refused
from integrations.sienge.sandbox.actions import (
    bills,
    chance,
    contracts,
    installments,
    payments,
    registry,
    renegotiation,
)
from integrations.sienge.sandbox.world import World

Action = Callable[[World, Mapping[str, Any]], dict[str, Any]]


def random(world: World, given: Mapping[str, Any]) -> dict[str, Any]:
    """Do `n` random actions: {n, seed?}; returns the list of what was done."""
    return chance.do_many(world, given, perform)


ACTIONS: dict[str, Action] = {
    action.__name__: action
    for action in (
        payments.pay,
        payments.reverse_receipt,
        installments.add_installment,
        installments.change_installment,
        installments.remove_installment,
        installments.register_boleto,
        installments.negativate,
        contracts.new_contract,
        contracts.issue_contract,
        contracts.change_contract,
        contracts.cancel_contract,
        contracts.cede,
        bills.new_avulso,
        bills.remove_bill,
        bills.classify_bill,
        renegotiation.renegotiate,
        renegotiation.undo_renegotiation,
        registry.new_customer,
        registry.change_customer,
        registry.remove_phone,
        registry.new_enterprise,
        random,
    )
}


def perform(world: World, action: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Do an action by name and return what it did; Refused when it cannot be done."""
    if action not in ACTIONS:
        raise Refused(f"unknown action {action}")
    return ACTIONS[action](world, given)
