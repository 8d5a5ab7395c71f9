"""The owner makes a campaign in a real browser and sees how it goes; the customer sees it on the phone."""

import pytest
from playwright.sync_api import expect

from tests.browser.at_the_console import AXE, DESKTOP, PHONE, check, open_page


def weekly(**more):
    """Every day, all day, for every card: a campaign that gives at once."""
    return {"kind": "hours", "weekdays": [1, 2, 3, 4, 5, 6, 7], "stamps": 2, "hold_out": 0} | more


@pytest.fixture
def campaigns(owner):
    """One of each kind; the first has a budget and has given two gifts."""
    programme = owner.programme(cooldown_seconds=0)
    made = owner.post("/campaigns", weekly(name="Quiet hours", budget=500))
    for _ in range(2):
        owner.stamp(owner.card(programme))
    others = (
        {"name": "Bun of the month", "kind": "item", "item": "Cinnamon bun", "stamps": 1},
        {"name": "We miss you", "kind": "come_back", "quiet_days": 60, "rewards": 1},
        {"name": "Opening", "kind": "first", "first_cards": 100, "stamps": 2},
    )
    return [made, *(owner.post("/campaigns", each | {"hold_out": 0}) for each in others)]


def test_the_owner_makes_a_campaign_for_quiet_hours(owner):
    owner.open("campaigns")
    owner.page.get_by_role("link", name="New campaign").click()
    page = owner.page

    page.get_by_role("button", name="Wed").click()
    page.get_by_label("From", exact=True).select_option("15:00")
    page.get_by_label("To", exact=True).select_option("17:30")
    page.get_by_label("How many extra stamps").fill("2")
    page.get_by_label("Name").fill("Calm afternoons")
    page.get_by_label("Budget (EUR)").fill("50")
    expect(page.get_by_text("2 extra stamps a visit · Tuesday, Wednesday, 15:00 to 17:30")).to_be_visible()
    page.get_by_role("button", name="Start the campaign").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Calm afternoons")
    expect(page.get_by_text("Running", exact=True)).to_be_visible()
    made = next(one for one in owner.get("/campaigns")["items"] if one["name"] == "Calm afternoons")
    assert (made["weekdays"], made["from_minute"], made["until_minute"]) == ([2, 3], 900, 1050)
    assert (made["stamps"], made["budget"], made["hold_out"]) == (2, 5000, 10)


def test_what_cannot_be_is_said_beside_its_field(owner):
    owner.open("campaigns/new")
    page = owner.page

    page.get_by_role("button", name="Tue").click()  # the only day
    page.get_by_label("Name").fill("Never")
    page.get_by_role("button", name="Start the campaign").click()

    expect(page.get_by_text("This does not fit here.")).to_be_visible()


def test_the_owner_sees_what_it_gave_pauses_it_and_ends_it(owner, campaigns):
    owner.open(f"campaigns/{campaigns[0]['id']}")
    page = owner.page

    expect(page.get_by_text("2 gifts for €1.00 of €5.00; €4.00 are left")).to_be_visible()
    expect(page.get_by_text("They went to 2 cards.")).to_be_visible()
    expect(page.get_by_role("heading", name="Whether it brings visits cannot be told")).to_be_visible()
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("Paused by Ada since")).to_be_visible()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("Running", exact=True)).to_be_visible()
    page.get_by_role("button", name="End it").click()
    owner.dialog().get_by_role("button", name="End it").click()

    expect(page.get_by_text("Ended", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Pause")).to_have_count(0)
    assert owner.get(f"/campaigns/{campaigns[0]['id']}")["state"] == "ended"


def test_more_budget_and_a_last_day_in_the_shops_own_time(owner, campaigns):
    owner.open(f"campaigns/{campaigns[0]['id']}")
    owner.page.get_by_role("button", name="Change").click()
    dialog = owner.dialog()

    dialog.get_by_label("Budget (EUR)").fill("80")
    dialog.get_by_label("Last day").fill("2030-07-31")
    dialog.get_by_role("button", name="Save").click()

    expect(owner.page.get_by_text("to 31 July 2030")).to_be_visible()
    changed = owner.get(f"/campaigns/{campaigns[0]['id']}")
    assert (changed["budget"], changed["ends_at"]) == (8000, "2030-07-31T22:00:00.000Z")


def test_the_customer_sees_the_gift_on_the_phone_and_the_reason_in_the_history(browser, owner, campaigns):
    made = owner.post("/cards", {"programme": owner.programme()["id"]})
    phone = open_page(browser, owner.url, viewport=PHONE)

    phone.page.goto(f"{made['card']['url']}#{made['key']}")
    expect(phone.page.get_by_text("Bun of the month: 1 extra stamp with Cinnamon bun").first).to_be_visible()
    owner.stamp(made["card"])

    expect(phone.page.get_by_text("2 extra stamps: Quiet hours").first).to_be_visible()
    expect(phone.page.get_by_text("Opening: 2 extra stamps on your next visit")).to_have_count(0)
    phone.page.context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_it_is_for_everyone(browser, owner, corner, campaigns, theme, size):
    page = open_page(browser, owner.url, storage_state=corner, viewport=size, color_scheme=theme)
    page.page.add_init_script(AXE)
    for place in ("campaigns", "campaigns/new", f"campaigns/{campaigns[0]['id']}"):
        page.open(place)
        check(page.page, f"{place} {theme}")
    assert page.trouble == []
    page.page.context.close()
