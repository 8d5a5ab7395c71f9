"""At the counter when something was wrong: told in two taps, put right, and the voucher taken once."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.at_the_till import SCAN, Till, open_shop

USES = "**/api/v1/vouchers/*/uses"


@pytest.fixture(scope="module")
def owner(service: Any) -> Any:
    """Who may give one sandwich without asking, and pays for it."""
    owner = open_shop(service)
    programme = owner.get("/programmes")["items"][0]
    terms = programme["terms"] | {"unit_cost": 240, "unit_price": 690}
    wish = {"terms": terms, "policy": "better", "note": "what it costs", "expected_version": 1}
    owner.post(f"/programmes/{programme['id']}/versions", wish)
    owner.put("/goodwill", {"monthly_budget": 1500, "staff_per_case": 500, "staff_per_day": 5000, "voucher_days": 30})
    return owner


def heading(page: Page, text: str) -> Any:
    return page.get_by_role("heading", name=text, exact=True)


def tell(till: Till, what: str, how_bad: str) -> None:
    till.tap("Something was wrong")
    till.tap(what)
    till.tap(how_bad)


def vouchers_of(till: Till, card: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = till.owner.get(f"/cards/{card['code']}/vouchers")["items"]
    return found


def test_a_wrong_order_becomes_a_voucher_that_is_taken_once_whatever_is_lost(till: Till, no_service: Any) -> None:
    page, card = till.page, till.card(stamps=3)
    till.scan(card)
    tell(till, "Wrong order", "Annoying")

    expect(page.get_by_text("Left for making good this month: €15.00")).to_be_visible()
    till.expect_accessible()
    page.get_by_role("button", name="Voucher: a free sandwich Costs us €2.40.").click()
    expect(heading(page, "Voucher: a free sandwich")).to_be_visible()
    till.tap("To the card")
    expect(heading(page, "a free sandwich")).to_be_visible()
    till.expect_accessible()

    # The answer is lost: the same use is asked again, and no second one.
    asked: list[str] = []

    def lose(route: Route) -> None:
        asked.append(json.loads(route.request.post_data or "")["use_id"])
        if len(asked) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route(USES, lose)
    till.tap("Take it")
    expect(heading(page, "No answer")).to_be_visible()
    assert vouchers_of(till, card)[0]["state"] == "used"
    till.tap("Ask again")
    expect(heading(page, "Hand it over: a free sandwich")).to_be_visible()
    assert len(asked) == 2
    assert asked[0] == asked[1]

    page.get_by_role("button", name="Undo the voucher").click()
    expect(page.get_by_text("Undone: the voucher is good again.")).to_be_visible()
    assert vouchers_of(till, card)[0]["state"] == "ready"

    # Lost, and then left: what became of it is undone.
    page.unroute_all(behavior="ignoreErrors")
    page.route(USES, lambda route: (route.fetch(), route.abort()), times=1)
    till.tap("Take it")
    expect(heading(page, "No answer")).to_be_visible()
    with page.expect_response("**/voids"):
        till.tap("Leave it")
    assert vouchers_of(till, card)[0]["state"] == "ready"

    # Somebody else's till was faster.
    till.scan(card)
    expect(heading(page, "a free sandwich")).to_be_visible()
    other = Till(page.context.browser, till.service, till.owner)
    other.open()
    other.scan(card)
    other.tap("Take it")
    expect(heading(other.page, "Hand it over: a free sandwich")).to_be_visible()
    other.close()
    till.tap("Take it")
    expect(page.get_by_text("This voucher was already used at")).to_contain_text("in Market Street by Till 2")

    # With no network it says so, and nothing happens.
    page.keyboard.press("Escape")
    till.tap("Something was wrong")
    till.scan(card)  # whose case it is, said afterwards
    expect(page.locator(".card-work .chip")).to_have_text("Card")
    till.tap("Waited long")
    till.tap("Annoying")
    expect(page.get_by_text("Before this, the card had 1 case; €2.40 was given.")).to_be_visible()
    page.get_by_text("Something else instead").click()
    page.get_by_role("button", name="Voucher: 20 % off the bill").click()
    till.tap("To the card")
    expect(heading(page, "20 % off the bill")).to_be_visible()
    no_service()
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.get_by_text("so the voucher cannot be taken")).to_be_visible()
    expect(page.get_by_role("button", name="Take it", exact=True)).to_have_count(0)


def test_without_a_card_there_is_a_slip_and_what_is_too_dear_waits_for_the_owner(till: Till) -> None:
    page = till.page
    till.tap("Something was wrong")
    till.tap("Something else")
    page.get_by_label("In a few words").fill("A hair in the soup")
    till.expect_accessible()
    till.tap("It spoiled the day")

    # More than one of the staff may give waits for the owner; what is given instead is the shop's.
    page.get_by_text("Something else instead").click()
    page.get_by_role("button", name="€6.90 back from the till").click()
    page.get_by_label("How much, in EUR").fill("7,10")
    page.get_by_label("Receipt").fill("A-1009")
    till.tap("Write it down")
    expect(page.get_by_text("The owner is asked: €7.10 back from the till. Ola offered it")).to_be_visible()
    till.tap("Done")
    till.tap("Settings")
    till.tap("What went wrong: open cases")
    expect(page.get_by_text("the owner is asked")).to_be_visible()
    till.expect_accessible()
    page.get_by_role("button", name="A hair in the soup").click()
    page.get_by_role("button", name="Voucher: a free sandwich").click()
    expect(page.get_by_role("img", name="Voucher")).to_be_visible()
    till.expect_accessible()
    [told] = [one for one in till.owner.get("/cases")["items"] if one["what"] == "A hair in the soup"]
    slip = till.owner.get(f"/cases/{told['id']}")["voucher"]
    till.tap("Done")

    page.evaluate(SCAN, slip["url"].upper())
    till.tap("Take it")
    expect(heading(page, "Hand it over: a free sandwich")).to_be_visible()
    till.tap("Done")
    page.evaluate(SCAN, slip["url"].upper())
    expect(page.get_by_text("This voucher was already used at")).to_contain_text("in Market Street by Till 2")
