"""Whatever the ERP or the network does, the book is the old one or the new one, and heals."""

import pytest

from cobranca.contracts.models import Installment, Recall
from cobranca.creditors.standard_parameters import RECALL_LIMIT_PERCENT
from tests.flows.office import Office
from tests.flows.paper import Rules, expected_book

PAGES = {
    "enterprises": r"/enterprises",
    "sales contracts": r"/sales-contracts",
    "units": r"/units",
    "customers": r"/customers",
    "income": r"/bulk-data/v1/income",
    "extract": r"/customer-extract-history",
}
EVERYWHERE = [
    ("401", {}),
    ("403", {}),
    ("404-html", {}),
    ("429", {"retry_after": 0}),
    ("429", {"daily": True}),
    ("500", {}),
    ("503", {}),
    ("cut-before-headers", {}),
    ("cut-body", {"item": 1}),
    ("truncated", {"item": 1}),
    ("html", {}),
    ("empty", {}),
    ("duplicate-rows", {"rows": 2}),
    ("missing-row", {"rows": 2}),
    ("count-drift", {"delta": 1}),
]
BULK_ONLY = [("api-error", {"item": 3})]
# A duplicated or missing row cannot be noticed in a stream that has neither count nor pages.
UNNOTICEABLE_IN_BULK = {"missing-row", "count-drift"}

CASES = [
    pytest.param(kind, options, path, id=f"{kind}-{'-'.join(options)}-{name}")
    for name, path in PAGES.items()
    for kind, options in EVERYWHERE + (BULK_ONLY if "bulk" in path or "extract" in path else [])
    if not (kind in UNNOTICEABLE_IN_BULK and name in ("income", "extract"))
]


def outcome_is_old_or_new(office: Office, before: set, run) -> None:
    expected = expected_book(office.erp.bills(), Rules())
    if run.status == "failed":
        assert office.open_book() == before
        assert run.message
    else:
        assert run.status == "done", run.message
        found = {row[:6] for row in office.open_book()}
        assert found == {row[:6] for row in expected}


@pytest.mark.parametrize(("kind", "options", "path"), CASES)
def test_a_fault_leaves_the_old_book_or_the_new_one_and_the_next_load_heals(
    office, kind, options, path
):
    office.load(full=True)
    before = office.open_book()
    office.next_day()
    office.erp.act("random", n=10, seed=7)
    office.erp.fault(kind, path, **options)

    run = office.load(full=True)

    outcome_is_old_or_new(office, before, run)
    office.erp.heal()
    healed = office.load(full=True)
    assert healed.status == "done", healed.message
    assert office.open_book() == expected_book(office.erp.bills(), Rules())


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("500", {"count": 1}),
        ("cut-body", {"item": 2, "count": 1}),
        ("429", {"retry_after": 0, "count": 1}),
        ("api-error", {"item": 2, "count": 1}),
    ],
)
def test_a_passing_fault_is_overcome_within_the_same_run(office, kind, options):
    office.erp.fault(kind, PAGES["income"], **options)

    run = office.load(full=True)

    assert run.status == "done", run.message
    assert office.open_book() == expected_book(office.erp.bills(), Rules())


@pytest.mark.parametrize(
    ("field", "value"),
    [("balanceAmount", "abc"), ("dueDate", "31/02/2026"), ("originalAmount", None)],
)
def test_a_row_of_a_wrong_type_is_set_aside_and_what_it_names_stays(office, field, value):
    office.load(full=True)
    before = office.open_book()
    office.erp.fault("wrong-type", PAGES["income"], item=0, field=field, value=value)

    run = office.load(full=True)

    assert run.status == "done", run.message
    assert run.issue_count >= 1
    assert office.open_book() == before
    assert not Recall.objects.exists()


def test_a_row_without_its_key_holds_every_removal(office):
    office.load(full=True)
    bill = next(b for b in office.erp.bills() if b["open"] and b["contract"])
    office.erp.act("remove_bill", bill=bill["bill"])
    office.erp.fault("wrong-type", PAGES["income"], item=0, field="billId", missing=True)

    run = office.load(full=True)

    assert run.recalled == 0
    assert any("sem chave legível" in notice for notice in run.details["notices"])
    assert Installment.objects.filter(
        contract__external_id=str(bill["bill"]), status="open"
    ).exists()


def test_an_empty_answer_is_not_an_empty_portfolio(office):
    office.load(full=True)
    office.configure(RECALL_LIMIT_PERCENT, "30")
    before = office.open_book()
    office.erp.fault("404", PAGES["income"])

    run = office.load(full=True)

    assert (run.status, run.recalled) == ("waiting", len(before))
    assert office.open_book() == before
