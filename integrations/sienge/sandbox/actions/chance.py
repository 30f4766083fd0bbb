"""Random actions, for tests that hold a client's copy against the book."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from random import Random
from typing import Any

from integrations.sandbox.simulator import Refused
from integrations.sienge.sandbox import model as m
from integrations.sienge.sandbox.world import World

Arguments = dict[str, Any]
Chooser = Callable[[World, Random], Arguments | None]


def _any_installment(
    world: World, random: Random, *, settled: bool = False
) -> tuple[m.Bill, m.Installment] | None:
    """Return an installment that is open, or settled, of a random bill; None when unlucky."""
    bill = world.bills[random.choice(sorted(world.bills))]
    rows = [row for row in bill.installments.values() if row.is_open != settled]
    return (bill, random.choice(rows)) if rows else None


def _named(found: tuple[m.Bill, m.Installment] | None, **more: Any) -> Arguments | None:
    return {"bill": found[0].id, "installment": found[1].id, **more} if found else None


def _pay(world: World, random: Random) -> Arguments | None:
    return _named(_any_installment(world, random))


def _pay_part(world: World, random: Random) -> Arguments | None:
    found = _any_installment(world, random)
    if found is None or found[1].balance < 2:
        return None
    return _named(found, amount=str((found[1].balance / 3).quantize(m.ZERO)))


def _reverse(world: World, random: Random) -> Arguments | None:
    return _named(_any_installment(world, random, settled=True), estorno=random.random() < 0.3)


def _change_due_date(world: World, random: Random) -> Arguments | None:
    due_on = world.today + timedelta(days=random.randrange(1, 90))
    return _named(_any_installment(world, random), due_on=due_on.isoformat())


def _change_amount(world: World, random: Random) -> Arguments | None:
    found = _any_installment(world, random)
    return _named(found, amount=str(found[1].original + 50)) if found else None


def _open_contract(world: World, random: Random) -> Arguments | None:
    contract = world.contracts[random.choice(sorted(world.contracts))]
    bill = world.bills.get(contract.bill_id or 0)
    return {"contract": contract.id} if bill and bill.is_open else None


def _cede(world: World, random: Random) -> Arguments | None:
    chosen = _open_contract(world, random)
    return chosen and {**chosen, "customer": _customer(world, random)}


def _customer(world: World, random: Random) -> int:
    return random.choice(sorted(world.customers))


def _bill(world: World, random: Random) -> Arguments | None:
    return {"bill": random.choice(sorted(world.bills))}


def _renegotiate(world: World, random: Random) -> Arguments | None:
    return {"bill": random.choice(sorted(world.bills)), "parts": random.randint(2, 12)}


def _classify(world: World, random: Random) -> Arguments | None:
    situation = random.choice((m.NORMAL, m.IN_BILLING, m.DEFAULTING, m.SUB_JUDICE))
    return {"bill": random.choice(sorted(world.bills)), "situation": situation}


def _add_installment(world: World, random: Random) -> Arguments | None:
    due_on = world.today + timedelta(days=random.randrange(-30, 60))
    bill = random.choice(sorted(world.bills))
    return {"bill": bill, "due_on": due_on.isoformat(), "amount": "321.09"}


def _new_contract(world: World, random: Random) -> Arguments | None:
    enterprise = random.choice(sorted(world.enterprises))
    return {
        "customer": _customer(world, random),
        "enterprise": enterprise,
        "installments": random.randint(2, 48),
        "amount": str(random.randrange(300, 3000)),
    }


def _new_avulso(world: World, random: Random) -> Arguments | None:
    company = random.choice(sorted(world.companies))
    amount = str(random.randrange(100, 9000))
    return {"customer": _customer(world, random), "company": company, "amount": amount}


def _change_phones(world: World, random: Random) -> Arguments | None:
    number = f"0489{random.randrange(60_000_000, 99_999_999)}"
    return {"customer": _customer(world, random), "phones": [{"number": number, "main": True}]}


def _remove_phone(world: World, random: Random) -> Arguments | None:
    return {"customer": _customer(world, random)}


def _new_customer(world: World, random: Random) -> Arguments | None:
    return {"firm": random.random() < 0.1}


# Weight, action and how its arguments are chosen.
_CHOICES: tuple[tuple[int, str, Chooser], ...] = (
    (36, "pay", _pay),
    (9, "pay", _pay_part),
    (5, "reverse_receipt", _reverse),
    (8, "change_installment", _change_due_date),
    (3, "change_installment", _change_amount),
    (2, "cancel_contract", _open_contract),
    (2, "cede", _cede),
    (5, "renegotiate", _renegotiate),
    (2, "undo_renegotiation", _bill),
    (9, "register_boleto", _pay),
    (1, "negativate", _pay),
    (2, "remove_installment", _pay),
    (1, "remove_bill", _bill),
    (3, "classify_bill", _classify),
    (2, "add_installment", _add_installment),
    (3, "new_contract", _new_contract),
    (2, "new_avulso", _new_avulso),
    (6, "change_customer", _change_phones),
    (2, "remove_phone", _remove_phone),
    (2, "new_customer", _new_customer),
)


def choose(world: World, random: Random) -> tuple[str, Arguments] | None:
    """Return an action with arguments that may work; None when its target was unlucky."""
    weights = [weight for weight, _, _ in _CHOICES]
    _, action, chooser = random.choices(_CHOICES, weights)[0]
    arguments = chooser(world, random)
    return None if arguments is None else (action, arguments)


def do_many(
    world: World, given: Mapping[str, Any], perform: Callable[..., dict[str, Any]]
) -> dict[str, Any]:
    """Apply `n` random actions chosen by `seed` and return what was done, in order."""
    wanted, seed = int(given.get("n", 1)), given.get("seed", 1)
    random = Random(f"{world.seed}:random:{seed}")
    done: list[dict[str, Any]] = []
    for _ in range(wanted * 50):
        if len(done) == wanted:
            break
        chosen = choose(world, random)
        if chosen is None:
            continue
        try:
            result = perform(world, *chosen)
        except Refused:
            continue
        done.append({"action": chosen[0], "arguments": chosen[1], "result": _short(result)})
    return {"done": done}


def _short(result: dict[str, Any]) -> dict[str, Any]:
    """Return a result without the long description of what was created."""
    return {name: value for name, value in result.items() if name != "created"}
