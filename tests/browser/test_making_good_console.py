"""The owner puts a complaint right from the console: with one press, by a yes to the staff, or with a no."""

import re
import uuid

import pytest
from playwright.sync_api import expect

from api.ids import id_text, new_id
from tests.browser.at_the_console import AXE, DESKTOP, PHONE, check, open_page, pair

LIMITS = {"monthly_budget": 2000, "staff_per_case": 300, "staff_per_day": 5000, "voucher_days": 30}


def told(what, **values):
    return {"id": id_text(new_id()), "severity": 2, "what": what} | values


@pytest.fixture
def sorry(browser, owner):
    """A card with a wrong order, told by phone, and a long wait for which Kim at the till has offered ten euros."""
    owner.ask("PUT", "/goodwill", LIMITS)
    made = owner.post("/cards", {"programme": owner.programme()["id"]})
    code = made["card"]["code"]
    wrong = told("No cheese in my sandwich.", wish="amount", contact="mia@corner.example")
    assert owner.ask("POST", f"/cards/{code}/cases", wrong, key=made["key"])["status"] == 201
    till = pair(browser, owner.url, owner.code_for(f"Counter {uuid.uuid4().hex[:6]}"))
    kim = owner.post("/staff", {"name": f"Kim {uuid.uuid4().hex[:4]}", "pin": "7391"})
    till.post("/till/sign-ons", {"staff": kim["id"], "pin": "7391"})
    waited = till.post("/cases", told("Half an hour in the queue, and then the soup was cold.", severity=3))
    offer = {"kind": "amount", "amount": 1000, "words": "Sorry for the wait!"}
    assert till.ask("POST", f"/cases/{waited['id']}/remedies", offer)["status"] == 202
    till.page.context.close()
    yield {"card": made["card"], "wrong": wrong, "waited": waited, "kim": kim["name"]}
    for case in owner.get("/cases")["items"]:
        owner.ask("POST", f"/cases/{case['id']}/declines", {"words": "Closed."})


def test_the_owner_answers_who_waits_and_takes_a_voucher_back(owner, sorry):
    page = owner.page
    owner.open("today")
    expect(page.get_by_text("2 customers wait for an answer")).to_be_visible()
    page.get_by_role("link", name="Answer", exact=True).click()

    expect(page.get_by_role("heading", name="Waiting for your yes")).to_be_visible()
    page.get_by_role("link", name="No cheese in my sandwich.").click()
    expect(page.get_by_role("link", name="mia@corner.example")).to_have_attribute("href", "mailto:mia@corner.example")
    expect(page.get_by_text("what they would like", exact=True)).to_be_visible()
    page.get_by_label("Words for the customer").fill("We are sorry. The next one is on us.")
    page.get_by_role("button", name="Give: Voucher: a free sandwich").click()
    expect(page.get_by_role("heading", name="Voucher: a free sandwich")).to_be_visible()
    expect(page.get_by_text("costs €2.50")).to_be_visible()
    page.get_by_role("link", name="Go to the card").click()
    vouchers = page.locator("section", has=page.get_by_role("heading", name="Vouchers"))
    expect(vouchers.get_by_text("Ready")).to_be_visible()
    vouchers.get_by_role("button", name="Take back").click()
    owner.dialog().get_by_label("Reason").fill("the wrong card")
    owner.dialog().get_by_role("button", name="Take back").click()
    expect(vouchers.get_by_text("Taken back")).to_be_visible()
    assert owner.get("/goodwill")["spent"] == 0
    case = owner.get(f"/cases/{sorry['wrong']['id']}")
    assert (case["lines"][-2]["words"], case["state"]) == ("We are sorry. The next one is on us.", "settled")

    owner.open(f"making-good/{sorry['waited']['id']}")
    expect(page.get_by_text(f"{sorry['kim']} offers: Voucher: €10.00 off the next bill")).to_be_visible()
    expect(page.get_by_label("Words for the customer")).to_have_value("Sorry for the wait!")
    page.get_by_role("button", name="Yes, give it").click()
    expect(page.get_by_role("img", name="The voucher as a QR code")).to_be_visible()
    slip = page.get_by_label("Link to the voucher")
    expect(slip).to_have_value(re.compile(r"/v/\w{18}"))
    page.get_by_role("button", name="Add a note").click()
    owner.dialog().get_by_label("Note").fill("She picks it up on Monday.")
    owner.dialog().get_by_role("button", name="Save").click()
    expect(page.get_by_text("She picks it up on Monday.")).to_be_visible()


def test_the_owner_writes_a_call_down_declines_it_and_sets_the_limits(owner, sorry):
    page, code = owner.page, sorry["card"]["code"]
    owner.open(f"cards/{code}")
    page.get_by_role("link", name="Something was wrong").click()
    page.get_by_label("What went wrong").fill("The bread was stale.")
    page.get_by_label("A small thing").check()
    page.get_by_label("What they would like").select_option("Money back")
    page.get_by_role("button", name="Write it down").click()
    expect(page.get_by_role("heading", name="The bread was stale.")).to_be_visible()
    page.get_by_text("1 case of this card before").click()
    expect(page.get_by_role("link", name="No cheese in my sandwich.")).to_be_visible()

    page.get_by_text("Something else").click()
    page.get_by_label("What to give").select_option("Money back")
    page.get_by_label("How much (EUR)").fill("99")
    page.locator("form").get_by_role("button", name="Give", exact=True).click()
    expect(page.get_by_text("This month’s budget has not that much left.")).to_be_visible()
    page.get_by_role("button", name="Decline").click()
    owner.dialog().get_by_label("Words for the customer").fill("We bake it every morning.")
    owner.dialog().get_by_role("button", name="Decline").click()
    expect(page.get_by_role("heading", name="Declined")).to_be_visible()

    page.get_by_role("link", name="Making good").first.click()
    page.get_by_role("button", name="Declined").click()
    expect(page.get_by_role("link", name="The bread was stale.")).to_be_visible()
    page.get_by_role("button", name="Change limits").click()
    owner.dialog().get_by_label("For a whole month (EUR)").fill("?")
    expect(owner.dialog().get_by_role("button", name="Save")).to_be_disabled()
    owner.dialog().get_by_label("For a whole month (EUR)").fill("1")
    owner.dialog().get_by_label("Staff, for one case (EUR)").fill("4,50")
    owner.dialog().get_by_role("button", name="Save").click()
    expect(page.get_by_text("Staff may give up to €4.50 for one case.")).to_be_visible()
    kept = owner.get("/goodwill")
    assert (kept["monthly_budget"], kept["staff_per_case"], kept["staff_per_day"]) == (100, 450, 5000)
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as CSV").click()
    assert "put_right,2" in download.value.path().read_text(encoding="utf-8")
    owner.ask("PUT", "/goodwill", LIMITS | {"monthly_budget": None})
    owner.open("making-good")
    expect(page.get_by_text("There is no limit for the month.")).to_be_visible()


def test_it_is_for_everyone(browser, owner, corner, sorry):
    looks = [(PHONE, "light", "pl"), (DESKTOP, "dark", "en")]
    places = [
        "making-good",
        "making-good/new",
        f"making-good/{sorry['waited']['id']}",
        f"cards/{sorry['card']['code']}",
    ]
    for size, theme, language in looks:
        chosen = [{"name": "tenth.console.language", "value": language}]
        state = corner | {"origins": [{"origin": owner.url, "localStorage": chosen}]}
        page = open_page(browser, owner.url, storage_state=state, viewport=size, color_scheme=theme)
        page.page.add_init_script(AXE)
        for place in places:
            page.open(place)
            check(page.page, f"{place} {theme} {language}")
        assert page.trouble == []
        page.page.context.close()
