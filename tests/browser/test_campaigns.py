"""A campaign's tables: what is wrong is said while it is typed, and nothing wrong is saved."""

import pytest
from django_scopes import scope
from playwright.sync_api import expect

from cobranca.campaigns.models import Campaign
from cobranca.campaigns.services import save_brackets
from tests.browser.chromium import Watched
from tests.browser.conftest import Office
from tests.cobranca.campaigns.making import cash, make_campaign
from tests.factories import make_branch, make_creditor

TABLE = "[data-brackets=cash_brackets]"


@pytest.fixture
def campaign(office: Office) -> Campaign:
    with scope(agency=office.agency):
        made = make_campaign(office.creditor)
        save_brackets(campaign=made, cash=[cash(-9999, 30), cash(31, 90)], actor=None)
        return made


def page_of(campaign: Campaign) -> str:
    return f"/admin/campaigns/campaign/{campaign.pk}/change/"


def ranges(campaign: Campaign) -> list[tuple[int, int]]:
    with scope(agency=campaign.agency):
        return list(campaign.cash_brackets.values_list("delay_from", "delay_to"))


def test_an_overlap_is_said_while_it_is_typed(
    desk: Watched, office: Office, campaign: Campaign
) -> None:
    desk.enter(office.implementer)
    desk.open(page_of(campaign))
    end = desk.page.locator("[name=cash_brackets-0-delay_to]")

    end.fill("40")

    rows = desk.page.locator(f"{TABLE} [data-row]")
    expect(rows.nth(0)).to_contain_text("Sobrepõe a faixa 31 a 90 (linha 2).")
    expect(rows.nth(1)).to_contain_text("Sobrepõe a faixa -9999 a 40 (linha 1).")
    start = desk.page.locator("[name=cash_brackets-0-delay_from]")
    expect(start).to_have_attribute("aria-invalid", "true")
    described = start.get_attribute("aria-describedby")
    expect(desk.page.locator(f"#{described}")).to_contain_text("Sobrepõe")
    expect(desk.page.locator(f"{TABLE} [role=status]")).to_have_text("2 faixas com problema.")

    desk.page.get_by_role("button", name="Salvar", exact=True).click()
    desk.settle()
    expect(rows.nth(0)).to_contain_text("Sobrepõe")
    assert ranges(campaign) == [(-9999, 30), (31, 90)]

    end.fill("30")
    expect(rows.nth(0)).not_to_contain_text("Sobrepõe")
    expect(start).not_to_have_attribute("aria-invalid", "true")
    gap = "Sem faixa para atraso de 91 a 9999 dias."
    expect(desk.page.locator(f"{TABLE} [role=status]")).to_have_text(gap)


def test_another_persons_change_is_said_while_typing(
    desk: Watched, office: Office, campaign: Campaign
) -> None:
    desk.enter(office.implementer)
    desk.open(page_of(campaign))
    with scope(agency=office.agency):
        save_brackets(campaign=campaign, cash=[cash()], actor=None)

    desk.page.fill("[name=priority]", "3")

    expect(desk.page.get_by_role("alert")).to_contain_text("Outra pessoa salvou esta campanha")


def test_a_row_is_added_where_the_last_one_ends_and_another_taken_out(
    desk: Watched, office: Office, campaign: Campaign
) -> None:
    desk.enter(office.implementer)
    desk.open(page_of(campaign))

    desk.page.click(f"{TABLE} [data-add-row]")
    added = desk.page.locator("[name=cash_brackets-2-delay_from]")
    expect(added).to_be_focused()
    expect(added).to_have_value("91")
    expect(desk.page.locator("[name=cash_brackets-2-penalty_percent]")).to_have_value("2,00")
    desk.page.locator(f"{TABLE} [data-remove-row]").nth(0).click()
    desk.page.fill("[name=cash_brackets-1-delay_from]", "-9999")
    desk.page.get_by_role("button", name="Salvar", exact=True).click()
    desk.settle()

    assert ranges(campaign) == [(-9999, 90), (91, 9999)]


def test_filters_follow_the_creditor(desk: Watched, office: Office) -> None:
    other = make_creditor(office.agency, trade_name="Zínia Loteadora")
    branch = make_branch(other, name="Jardim Zínia")
    desk.enter(office.implementer)
    desk.open("/admin/campaigns/campaign/add/")
    desk.page.click(f"{TABLE} [data-add-row]")

    desk.page.select_option("[name=creditor]", label="Zínia Loteadora")
    desk.page.click(f"{TABLE} [data-open-filters]")
    desk.page.check(f"{TABLE} label >> text=Jardim Zínia")

    expect(desk.page.locator(f"{TABLE} [data-open-filters]")).to_have_text("1 filial")
    desk.page.fill("[name=name]", "Padrão")
    desk.page.get_by_role("button", name="Salvar", exact=True).click()
    desk.settle()
    with scope(agency=office.agency):
        assert Campaign.objects.get(creditor=other).cash_brackets.get().branch_ids == [branch.pk]
