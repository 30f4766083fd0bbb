"""Whatever happens in the ERP, after a batimento both books are equal."""

import random

import pytest
from django_scopes import scope
from hypothesis import given, settings
from hypothesis import strategies as st

from cobranca.contracts.models import Contract, Event, Installment
from cobranca.creditors.models import Branch
from integrations.sienge import parameters as p
from tests.flows.office import Office, make_erp, make_office
from tests.flows.paper import Rules, expected_book

seeds = st.integers(min_value=0, max_value=2**31)
# Each example is a whole office with its ERP: a few in every run, many in the nightly profile.
worlds = settings(max_examples=max(4, settings.default.max_examples // 12))


def check_equal(office: Office, rules: Rules) -> None:
    expected = expected_book(office.erp.bills(), rules)
    found = office.open_book()
    assert found == expected, (
        f"missing {sorted(expected - found)[:3]}, extra {sorted(found - expected)[:3]}"
    )


def check_quiet(office: Office, *, full: bool) -> None:
    events = Event.objects.count()
    run = office.load(full=full)
    assert run.status == "done", run.message
    assert (run.included, run.updated, run.recalled) == (0, 0, 0)
    assert Event.objects.count() == events


@pytest.mark.usefixtures("transactional_db")
@worlds
@given(seed=seeds, sizes=st.integers(4, 10))
def test_after_each_batimento_the_portfolio_is_the_erps(seed, sizes):
    erp = make_erp(seed=seed, contracts=sizes)
    try:
        office = make_office(erp)
        with scope(agency=office.agency):
            office.load(full=True)
            check_equal(office, Rules())
            for step in range(3):
                erp.act("random", n=12, seed=seed + step)
                office.next_day()
                run = office.load(full=True)
                assert run.status == "done", run.message
                check_equal(office, Rules())
                check_quiet(office, full=True)
    finally:
        erp.stop()


@pytest.mark.usefixtures("transactional_db")
@worlds
@given(seed=seeds)
def test_what_the_office_ignores_never_comes_in_and_leaves_when_ignored_later(seed):
    erp = make_erp(seed=seed, contracts=8)
    chance = random.Random(seed)
    try:
        office = make_office(erp)
        with scope(agency=office.agency):
            office.load(full=True)
            bills = erp.bills()
            documents = {bill["document_type"].strip() for bill in bills} - {"CT"}
            conditions = {i["condition"].strip() for bill in bills for i in bill["installments"]}
            rules = Rules(
                ignored_documents=set(chance.sample(sorted(documents), k=len(documents) // 2)),
                ignored_conditions=set(chance.sample(sorted(conditions), k=len(conditions) // 3)),
            )
            office.configure(p.IGNORED_DOCUMENTS, ";".join(rules.ignored_documents))
            office.configure(p.IGNORED_PAYMENT_CONDITIONS, ";".join(rules.ignored_conditions))
            erp.act("random", n=8, seed=seed)
            office.load(full=True)
            check_equal(office, rules)
            check_quiet(office, full=True)
    finally:
        erp.stop()


@pytest.mark.usefixtures("transactional_db")
@worlds
@given(seed=seeds)
def test_contracts_of_unregistered_branches_stay_out_with_an_issue_each(seed):
    erp = make_erp(seed=seed, contracts=10)
    try:
        office = make_office(erp)
        with scope(agency=office.agency):
            office.configure(p.IMPORT_ENTERPRISES, "Não")
            bills = erp.bills()
            enterprises = sorted({str(b["enterprise"]) for b in bills if b["contract"]})
            kept = set(random.Random(seed).sample(enterprises, k=len(enterprises) // 2))
            for code in kept:
                Branch.objects.create(
                    agency=office.agency, creditor=office.creditor, code=code, name=code
                )
            run = office.load(full=True)
            rules = Rules(registered_branches=kept)
            check_equal(office, rules)
            left_out = {
                row[1] for row in expected_book(bills, Rules()) - expected_book(bills, rules)
            }
            issues = run.issues.filter(code="branch")
            assert set(issues.values_list("contract", flat=True)) == left_out
            assert all(
                text.startswith("Filial não cadastrada")
                for text in issues.values_list("message", flat=True)
            )
            check_quiet(office, full=True)
    finally:
        erp.stop()


@pytest.mark.usefixtures("transactional_db")
@worlds
@given(seed=seeds)
def test_daily_loads_follow_everything_but_transfers_and_removals(seed):
    erp = make_erp(seed=seed, contracts=8)
    try:
        office = make_office(erp)
        with scope(agency=office.agency):
            office.load(full=True)
            for step in range(3):
                office.next_day()
                _ordinary_day(office, seed + step)
                run = office.load()
                assert (run.status, run.full) == ("done", False), run.message
                check_equal(office, Rules())
                check_quiet(office, full=False)
            check_quiet(office, full=True)
    finally:
        erp.stop()


def _ordinary_day(office: Office, seed: int) -> None:
    """Do what a daily load must see: pay, change, add, register, cancel."""
    chance = random.Random(seed)
    bills = [b for b in office.erp.bills() if b["complete"] and not b["forecast"]]
    for bill in chance.sample(bills, k=min(5, len(bills))):
        open_ones = [i for i in bill["installments"] if i["balance"] > 0]
        if open_ones:
            deed, arguments = chance.choice(_deeds(bill, chance.choice(open_ones)))
            office.erp.act(deed, **arguments)


def _deeds(bill: dict, one: dict) -> list[tuple[str, dict]]:
    where = {"bill": bill["bill"], "installment": one["id"]}
    half = str(round(one["balance"] / 2, 2))
    deeds = [
        ("pay", where),
        ("change_installment", where | {"due_on": "2027-03-15"}),
        ("add_installment", {"bill": bill["bill"], "due_on": "2027-05-10", "amount": "321.45"}),
    ]
    if one["balance"] > 2:
        deeds.append(("pay", where | {"amount": half}))
    if not one["boleto"]:
        deeds.append(("register_boleto", where))
    if bill["contract"] and bill["contract_situation"] == "Emitido":
        deeds.append(("cancel_contract", {"contract": bill["contract"]}))
    return deeds


def test_a_transfer_moves_the_title_to_its_new_holder(office):
    office.load(full=True)
    bill = next(b for b in office.erp.bills() if b["contract"] and b["open"])
    other = next(b["customer"] for b in office.erp.bills() if b["customer"] != bill["customer"])

    office.erp.act("cede", bill=bill["bill"], customer=other)
    run = office.load(full=True)

    assert run.details["transferred"] == 1
    check_equal(office, Rules())
    old = Contract.objects.get(external_id=str(bill["bill"]), is_current=False)
    assert old.status == "finished"
    assert Event.objects.filter(kind="transfer").count() == 2


def test_a_renegotiation_in_the_erp_replaces_the_old_installments(office):
    office.load(full=True)
    bill = next(
        b
        for b in office.erp.bills()
        if b["contract"] and sum(i["balance"] > 0 for i in b["installments"]) >= 4
    )
    open_ids = [i["id"] for i in bill["installments"] if i["balance"] > 0][:3]

    office.next_day()
    office.erp.act("renegotiate", bill=bill["bill"], installments=open_ids, parts=5)
    run = office.load()

    assert run.status == "done", run.message
    check_equal(office, Rules())
    closed = Installment.objects.filter(
        contract__external_id=str(bill["bill"]), number__in=open_ids
    )
    assert set(closed.values_list("status", flat=True)) == {"recalled"}
    recalls = closed.first().contract.recalls.filter(number__in=open_ids)
    assert set(recalls.values_list("reason", flat=True)) == {"renegotiation"}
