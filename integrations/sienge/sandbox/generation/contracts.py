"""Sales contracts: those with an open balance, and those already at an end."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from integrations.sandbox.dates import add_months
from integrations.sandbox.people import make_mobile, make_person
from integrations.sandbox.simulator import Options
from integrations.sienge.sandbox import catalog
from integrations.sienge.sandbox import model as m
from integrations.sienge.sandbox.generation.history import PROFILES, Profile, live, renegotiate
from integrations.sienge.sandbox.generation.plans import add_plan, monthly_count
from integrations.sienge.sandbox.generation.structure import add_unit, company_ids
from integrations.sienge.sandbox.settlement import Settling, settle_all
from integrations.sienge.sandbox.world import World

FIRST_CONTRACT, FIRST_BILL = 1001, 20_001
REMADE_PARTS = 6

PAID_OFF = Profile("paid-off", 0)
CANCELLED = Profile("cancelled", 0, (0, 6))
UNISSUED = Profile("unissued", 0)


@dataclass(frozen=True, slots=True)
class Draft:
    """A contract to be made: when it was signed, for how many installments, what became of it."""

    signed_on: date
    total: int
    profile: Profile


def drafts(random: Random, options: Options, on: date) -> list[Draft]:
    """Return what contracts there will be, oldest first, as ids are given."""
    open_ones = [
        _open_draft(random, profile, options, on)
        for profile in _profiles(random, options.contracts)
    ]
    return sorted([*open_ones, *_ended(random, options, on)], key=lambda draft: draft.signed_on)


def _profiles(random: Random, count: int) -> list[Profile]:
    """Return one of each profile and then at random, so that small worlds have them all."""
    weights = [profile.weight for profile in PROFILES]
    chosen = [*PROFILES, *random.choices(PROFILES, weights, k=max(count - len(PROFILES), 0))]
    return chosen[:count]


def _open_draft(random: Random, profile: Profile, options: Options, on: date) -> Draft:
    total = options.installments_per_contract or random.randint(36, 120)
    if profile.name == "renegotiated":
        if total > 2 * REMADE_PARTS:
            total -= REMADE_PARTS
        else:
            # Too short to be renegotiated and still have the count asked for.
            profile = PROFILES[1]
    last = max(monthly_count(total) - 1, 0)
    months = random.randint(min(3, last), max(min(3, last), last - 3))
    if profile.unpaid[0] >= 4:
        months = min(max(months, profile.unpaid[0] + 3), last)
    return Draft(_signing(random, on, months), total, profile)


def _signing(random: Random, on: date, months: int) -> date:
    return add_months(on, -months, wanted_day=random.randrange(1, 29))


def _ended(random: Random, options: Options, on: date) -> list[Draft]:
    wanted = options.contracts * options.extras_percent // 100
    cycle = (PAID_OFF, CANCELLED, UNISSUED, PAID_OFF, CANCELLED)
    return [
        _ended_draft(random, cycle[position % len(cycle)], on)
        for position in range(max(wanted, len(cycle)) if options.extras_percent else 0)
    ]


def _ended_draft(random: Random, profile: Profile, on: date) -> Draft:
    total = random.choice((36, 48, 60))
    months = {"paid-off": total + 20, "cancelled": random.randint(6, 30), "unissued": 0}
    signed_on = add_months(on, -months[profile.name]) - timedelta(days=random.randrange(20))
    return Draft(signed_on, total, profile)


class ContractMaker:
    """Makes contracts one by one, choosing their company, unit and holders."""

    def __init__(self, world: World, random: Random, options: Options, on: date) -> None:
        self.world, self.random, self.options, self.on = world, random, options, on
        self._companies = company_ids(options.companies)
        people = list(world.customers)
        random.shuffle(people)
        # Some never buy; they are the co-holders, the former holders and the mere leads.
        self._buyers = people[: max(1, len(people) * 82 // 100)]
        self._others = people[len(self._buyers) :] or people
        self._made = 0

    def make(self, draft: Draft) -> m.Contract:
        """Add the contract, and its bill unless it is not issued yet."""
        enterprise, company_id = self._place()
        contract = m.Contract(
            id=self.world.new_id("contract", FIRST_CONTRACT),
            number="",
            company_id=company_id,
            enterprise_id=enterprise.id,
            signed_on=draft.signed_on,
            value=m.ZERO,
            created_on=draft.signed_on - timedelta(days=1),
            changed_on=draft.signed_on,
            holders=self._holders(draft),
            terms=self._terms(draft.profile),
            correction_type=self.random.choice("MMMA"),
            delivery_on=enterprise.keys_on,
            keys_on=self._keys(enterprise, draft),
            broker_ids=(self.random.choice((77, 78, 79)),),
        )
        if self.random.random() < 0.1:
            contract.external_id = f"CRM-{contract.id}"
        self._assign_unit(contract, enterprise)
        self.world.contracts[contract.id] = contract
        if draft.profile is UNISSUED:
            contract.situation = self.random.choice((m.REQUESTED, m.AUTHORISED))
            contract.value = Decimal(self.random.randrange(150_000, 600_000))
        else:
            self._issue(contract, draft)
        if self.random.random() < 0.06:
            contract.guarantors = [self._guarantor()]
        return contract

    def _keys(self, enterprise: m.Enterprise, draft: Draft) -> date | None:
        """Return when the keys were handed over, if the building is finished."""
        finished_on = enterprise.keys_on
        if finished_on is None or finished_on > self.on:
            return None
        return max(finished_on, draft.signed_on)

    def _place(self) -> tuple[m.Enterprise, int]:
        """Return an enterprise and its company; now and then the bill is another company's."""
        first, *others = self._companies
        is_first = not others or self.random.randrange(100) < self.options.first_company_percent
        company_id = first if is_first else self.random.choice(others)
        owned = [e for e in self.world.enterprises.values() if e.company_id == company_id]
        enterprise = self.random.choice(owned)
        if others and self.random.random() < 0.01:
            company_id = self.random.choice([c for c in self._companies if c != company_id])
        return enterprise, company_id

    def _holders(self, draft: Draft) -> list[m.Holder]:
        # Everybody buys once before anybody buys again.
        customer_id = self._buyers[self._made % len(self._buyers)]
        self._made += 1
        customer = self.world.customers[customer_id]
        registered_on = draft.signed_on - timedelta(days=self.random.randrange(2, 30))
        customer.created_on = min(customer.created_on, registered_on)
        if self.random.random() >= 0.15:
            return [m.Holder(customer_id, True, False, Decimal("100.0"))]
        other = self.random.choice([c for c in self._others if c != customer_id] or [customer_id])
        if other == customer_id:
            return [m.Holder(customer_id, True, False, Decimal("100.0"))]
        is_spouse = self._marry(customer, self.world.customers[other])
        half = Decimal("50.0")
        return [
            m.Holder(customer_id, True, False, half),
            m.Holder(other, False, is_spouse, half),
        ]

    def _marry(self, customer: m.Customer, other: m.Customer) -> bool:
        """Write the co-holder as spouse into the customer, for most pairs of persons."""
        if customer.is_firm or other.is_firm or self.random.random() > 0.6:
            return False
        customer.civil_status = "CASADO(A)"
        customer.spouse = m.Spouse(
            name=other.name,
            cpf=other.cpf,
            sex="F" if other.is_woman else "M",
            born_on=other.born_on,
            email=other.email,
            profession=other.profession,
        )
        return True

    def _terms(self, profile: Profile) -> m.Terms:
        if profile.name == "without-terms":
            return m.Terms(m.ZERO, m.ZERO)
        choice = self.random.random()
        if choice < 0.05:
            daily = Decimal(self.random.randrange(30, 400)) / 100
            return m.Terms(calculation="D", daily_interest=daily)
        return m.Terms(
            interest_type="C" if choice < 0.12 else "S",
            pro_rata_indexer=2 if choice > 0.6 else None,
        )

    def _assign_unit(self, contract: m.Contract, enterprise: m.Enterprise) -> None:
        price = Decimal(self.random.randrange(150_000, 900_000))
        unit = add_unit(self.world, self.random, enterprise, price)
        unit.stock, unit.contract_id = "V", contract.id
        contract.unit_ids = [unit.id]
        prefix = "".join(word[0] for word in enterprise.name.split()[:2] if word[0].isalpha())
        contract.number = f"{prefix or 'CT'}{unit.tower[0]}-{unit.name}"

    def _issue(self, contract: m.Contract, draft: Draft) -> None:
        bill = m.Bill(
            id=self.world.new_id("bill", FIRST_BILL),
            company_id=contract.company_id,
            customer_id=contract.main_customer_id,
            document_type="CT",
            document_number=contract.number,
            issued_on=contract.signed_on,
            enterprise_id=contract.enterprise_id,
            contract_id=contract.id,
            unit_ids=contract.unit_ids,
            terms=contract.terms,
        )
        annual = contract.correction_type == "A"
        add_plan(bill, self.random, total=draft.total, annual=annual)
        contract.issued_on, contract.bill_id = contract.signed_on, bill.id
        contract.value = bill.value
        self.world.add_bill(bill)
        self._live(contract, bill, draft.profile)

    def _live(self, contract: m.Contract, bill: m.Bill, profile: Profile) -> None:
        if profile.name == "renegotiated":
            renegotiate(self.world, bill, self.random, self.on, parts=REMADE_PARTS)
            contract.changed_on = bill.remakings[0].remade_on
        live(self.world, bill, self.random, profile, self.on)
        if profile is PAID_OFF:
            self._close(bill, catalog.RECEIVED, self.on - timedelta(days=200))
        elif profile is CANCELLED:
            self._cancel(contract, bill)
        elif profile.name == "ceded":
            self._cede(contract, bill)
        elif profile.name == "in-court":
            bill.situation = self.random.choice((m.SUB_JUDICE, m.DEFAULTING, m.IN_BILLING))
            bill.activities = [m.Activity(self.on - timedelta(days=60), "C", "contato telefônico")]

    def _close(self, bill: m.Bill, operation: int, day: date) -> None:
        day = max(day, bill.issued_on)
        settle_all(self.world, bill, Settling(m.ZERO, day, day, operation, charges=False))

    def _cancel(self, contract: m.Contract, bill: m.Bill) -> None:
        day = max(self.on - timedelta(days=self.random.randrange(1, 150)), contract.signed_on)
        open_value = sum((i.balance for i in bill.installments.values()), start=m.ZERO)
        self._close(bill, catalog.TERMINATED, day)
        contract.situation, contract.cancelled_on = m.CANCELLED, day
        contract.cancel_reason, contract.cancelled_value = "Distrato por inadimplência", open_value
        contract.changed_on = bill.revoked_on = day
        for unit_id in contract.unit_ids:
            self.world.units[unit_id].stock = "D"
            self.world.units[unit_id].contract_id = None

    def _cede(self, contract: m.Contract, bill: m.Bill) -> None:
        """Note that somebody else held the contract before; the present holder is the new one."""
        former = self.world.customers[self.random.choice(self._others)]
        day = max(self.on - timedelta(days=self.random.randrange(3, 400)), contract.signed_on)
        bill.note = f"Cessão de direitos em {day:%d/%m/%Y}; cedente {former.id}"
        contract.changed_on = day
        for installment in bill.installments.values():
            installment.changed_on = max(installment.changed_on, day)

    def _guarantor(self) -> m.Guarantor:
        person = make_person(self.random, self.on)
        ddd, number = make_mobile(self.random, person.place.area_code)
        return m.Guarantor(
            id=self.world.new_id("guarantor"),
            name=person.name,
            cpf=person.cpf or "",
            email=person.email,
            profession=person.profession,
            born_on=person.born_on,
            address=m.Address(
                kind="Residencial",
                street=person.place.street,
                number=person.place.number,
                complement=person.place.complement,
                neighbourhood=person.place.neighbourhood,
                city_id=person.place.city_id,
                city=person.place.city,
                state=person.place.state,
                postcode=person.place.postcode,
            ),
            phone=m.Phone(number=f"0{ddd}{number}", main=True, kind="Celular"),
        )
