"""The programme designer in real browsers: gifts on the way, a choice, money, from the owner's desk to the till."""

import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.browser import at_the_console, at_the_till
from tests.browser.at_the_till import Till

WARSAW = ZoneInfo("Europe/Warsaw")


@pytest.fixture
def cafe(service):
    """A café of its own, with nobody's PIN to type, and its owner's cookies."""
    return service.set_up(stamps_needed=10)


@pytest.fixture
def desk(browser, service, cafe):
    """The owner before the console."""
    cookies = [
        {"name": name, "value": value, "domain": "localhost", "path": "/", "secure": True, "sameSite": "Strict"}
        for name, value in cafe.cookies.items()
    ]
    owner = at_the_console.open_page(browser, service.url, storage_state={"cookies": cookies, "origins": []})
    owner.page.add_init_script(at_the_console.AXE)
    owner.open("today")
    yield owner
    assert owner.trouble == []
    owner.page.context.close()


@pytest.fixture
def phone(browser, service):
    """A customer's phone."""
    customer = at_the_console.open_page(browser, service.url, viewport=at_the_console.PHONE)
    customer.page.add_init_script(at_the_console.AXE)
    yield customer
    assert customer.trouble == []
    customer.page.context.close()


@pytest.fixture
def till(browser, service, cafe):
    """A till where nobody signs on."""
    made = Till(browser, service, cafe)
    made.page.goto(f"{service.url}/kiosk/")
    made.pair()
    expect(made.page.get_by_role("button", name="New card")).to_be_visible()
    yield made
    made.close()


def the_programme(desk):
    """The console at the café's first programme."""
    programme = desk.get("/programmes")["items"][0]
    desk.open(f"programmes/{programme['id']}")
    expect(desk.page.get_by_label("How many stamps")).to_be_visible()
    return programme


def ready(page):
    """What the card in hand has to choose from at the till."""
    return page.locator(".picks")


def test_a_coffee_on_the_way_and_cake_or_tea_at_the_end(desk, cafe, phone, till):
    the_programme(desk)
    page = desk.page

    # The owner: a coffee at five, and at ten a cake or a tea.
    page.get_by_label("What is free").fill("a cake")
    page.get_by_text("More: gifts on the way").click()
    page.get_by_role("button", name="Add a gift on the way").click()
    page.get_by_label("At which stamp").fill("5")
    page.get_by_label("What there is on the way").fill("a free coffee")
    choice = page.get_by_role("group", name="Instead of: a cake")
    choice.get_by_role("button", name="Add something to choose").click()
    choice.get_by_label("Or instead").fill("a tea")
    expect(page.locator(".preview .reward-place.small")).to_have_count(1)
    expect(page.locator(".preview")).to_contain_text("At 5 stamps: a free coffee.")
    expect(page.locator(".preview")).to_contain_text("Instead of a cake, customers may pick a tea.")
    expect(page.get_by_role("button", name="Put it into force")).to_be_enabled()
    at_the_console.check(page, "a gift on the way")
    page.get_by_role("button", name="Put it into force").click()
    expect(page.get_by_text("The new terms are in force.")).to_be_visible()

    # The customer: the card shows what comes when.
    card = cafe.post("/cards")["card"]
    phone.page.goto(f"{phone.url}/c/{card['code']}")
    way = phone.page.locator(".way li")
    expect(way).to_have_text(["5 a free coffee", "10 a cake or a tea"])
    expect(phone.page.get_by_text("5 more, and you get a free coffee.")).to_be_visible()
    at_the_console.check(phone.page, "the way")

    # The cashier: five stamps, the coffee with one tap; five more, and the customer takes the tea.
    till.scan(card)
    till.stamp(5)
    expect(till.page.get_by_role("heading", name="a free coffee")).to_be_visible()
    expect(phone.page.get_by_text("You have earned a free coffee. 5 of 10 stamps.")).to_be_visible()
    till.tap("Hand it over now")
    expect(till.page.get_by_role("heading", name="Hand it over: a free coffee")).to_be_visible()
    expect(phone.page.locator(".rewards")).to_have_count(0)
    till.tap("Stamp this card")
    till.stamp(5)
    expect(ready(till.page).get_by_role("button")).to_have_text(["a cake", "a tea"])
    expect(phone.page.locator(".rewards .what")).to_have_text("a cake or a tea")
    till.expect_accessible()
    till.tap("a tea")
    expect(till.page.get_by_role("heading", name="Hand it over: a tea")).to_be_visible()
    face = till.face(card)
    assert (face["rewards_ready"], face["stamps"]) == (0, 0)
    lines = cafe.get(f"/cards/{card['code']}/events")["items"]
    assert [(line["kind"], line["tier"], line["item"]) for line in lines if line["kind"] == "redeem"] == [
        ("redeem", None, "a tea"),
        ("redeem", 1, None),
    ]

    # And undone: the choice is back.
    till.page.get_by_role("button", name="Undo the reward").click()
    expect(phone.page.locator(".rewards .what")).to_have_text("a cake or a tea")


def test_a_gift_that_nobody_waits_for_any_more_stays_on_the_card(cafe, till):
    coffee = {"key": 1, "at": 5, "reward": "a free coffee", "choices": [{"name": "a tea"}]}
    at_the_till.change_terms(cafe, tiers=[coffee])
    card = till.card(stamps=5)
    till.scan(card)
    expect(ready(till.page).get_by_role("button")).to_have_text(["a free coffee", "a tea"])

    lost = []

    def lose(route):
        lost.append(lost or route.fetch())  # the first arrives all the same
        route.abort()

    till.page.route("**/api/v1/sync", lose)
    till.tap("a tea")
    expect(till.page.get_by_role("heading", name="No answer")).to_be_visible()
    assert till.face(card)["rewards_ready"] == 0
    till.tap("Later")
    till.page.unroute_all(behavior="ignoreErrors")

    expect(till.line).to_have_text("Connected", timeout=20_000)
    assert till.face(card)["rewards_ready"] == 1
    assert cafe.get("/kept")["items"] == []


def test_with_no_connection_what_was_handed_over_is_not_offered_again(service, cafe, till, no_service):
    coffee = {"key": 1, "at": 5, "reward": "a free coffee"}
    at_the_till.change_terms(cafe, tiers=[coffee])
    cafe.patch("/business", {"offline_redeem": "limited", "offline_per_card": 2, "offline_per_till": 3})
    card = till.card(stamps=5, rewards=1)
    till.page.reload()
    expect(till.page.get_by_role("button", name="New card")).to_be_visible()
    till.scan(card)
    expect(ready(till.page).get_by_role("button")).to_have_text(["a free coffee", "a free sandwich"])
    till.page.keyboard.press("Escape")

    no_service()
    till.scan(card)
    till.tap("a free coffee")
    till.tap("Hand it over now")
    expect(till.page.get_by_role("heading", name="Hand it over: a free coffee")).to_be_visible()
    till.tap("Hand over the next one")
    expect(till.page.get_by_role("heading", name="Hand it over: a free sandwich")).to_be_visible()
    expect(till.page.get_by_text("Saved here. 1 of 3 left with no connection.")).to_be_visible()
    service.start()

    expect(till.line).to_have_text("Connected", timeout=20_000)
    face = till.face(card)
    assert (face["rewards_ready"], face["rewards_owed"]) == (0, 0)


def test_a_card_that_counts_money(desk, cafe, phone, till):
    desk.open("programmes/new")
    page = desk.page
    page.get_by_label("Name of the programme").fill("By the euro")
    page.get_by_label("What is free").fill("a cake")
    page.get_by_text("More: gifts on the way").click()
    page.get_by_role("radio", name="So much money spent").check()
    page.get_by_label("Money for one stamp (EUR)").fill("5.00")
    at_the_console.check(page, "a new programme")
    page.get_by_role("button", name="Start it").click()
    expect(page.get_by_text("A stamp for every €5.00 spent.").first).to_be_visible()
    expect(page.get_by_role("radio", name="A visit")).to_have_count(0)
    programme = desk.get("/programmes")["items"][-1]
    card = cafe.post("/cards", {"programme": programme["id"]})["card"]
    phone.page.goto(f"{phone.url}/c/{card['code']}")
    expect(phone.page.get_by_text("€5.00 to the next stamp.")).to_be_visible()

    till.page.reload()  # what the till knows of programmes is a minute old
    expect(till.page.get_by_role("button", name="New card")).to_be_visible()
    till.scan(card)
    expect(till.page.get_by_role("heading", name="How much?")).to_be_visible()
    till.page.keyboard.type("1280", delay=70)  # slower than a scanner, faster than its pause
    expect(till.page.locator(".amount .sum")).to_have_text("€12.80")
    till.expect_accessible()
    till.page.keyboard.press("Enter")

    expect(till.done).to_contain_text("2 stamps, up to 2 of 10")
    expect(phone.page.get_by_text("€2.20 to the next stamp.")).to_be_visible()
    till.page.get_by_role("button", name="Undo €12.80").click()
    expect(phone.page.get_by_text("€5.00 to the next stamp.")).to_be_visible()
    assert till.face(card)["stamps"] == 0


def test_a_birthday_is_told_where_there_are_stamps_for_it_and_the_till_asks_for_a_visit(cafe, phone, till):
    terms = {"stamps_needed": 8, "reward": "a cake", "stamp_for": "visit", "birthday_stamps": 2}
    programme = cafe.post("/programmes", {"name": "Visits", "terms": terms})
    made = cafe.post("/cards", {"programme": programme["id"]})
    page = phone.page
    page.goto(f"{phone.url}/c/{made['card']['code']}#{made['key']}")
    page.get_by_text("Your name, if you like").click()
    expect(page.get_by_text("Corner may keep my birthday (day and month) to give me stamps for it.")).to_be_visible()

    page.get_by_label("Month").select_option("May")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".birthday .error")).not_to_be_empty()
    page.get_by_label("Day", exact=True).select_option("17")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text("Saved")).to_be_visible()
    expect(page.get_by_label("Day", exact=True)).to_have_value("17")
    assert cafe.get(f"/cards/{made['card']['code']}/customer")["birthday"] == "05-17"
    till.scan(made["card"])
    expect(till.page.get_by_role("heading", name="A stamp for this visit?")).to_be_visible()
    expect(till.page.locator(".quantities button")).to_have_count(1)
    till.stamp()
    expect(till.done).to_contain_text("Stamp 1 of 8")


def test_a_change_is_set_for_later_and_withdrawn(desk):
    programme = the_programme(desk)
    page = desk.page
    morning = (datetime.now(WARSAW) + timedelta(days=30)).replace(hour=6, minute=0)

    page.get_by_label("How many stamps").fill("8")
    page.get_by_label("Note (if you like)").fill("Summer")
    page.get_by_role("radio", name="At a set time").check()
    page.get_by_label("Day and time").fill(morning.strftime("%Y-%m-%dT%H:%M"))
    page.get_by_role("button", name="Set it for then").click()

    waiting = page.locator("section", has=page.get_by_role("heading", name="What comes next"))
    expect(waiting).to_contain_text("Every 8 stamps earn a free sandwich.")
    expect(waiting).to_contain_text("Summer")
    at_the_console.check(page, "what comes next")
    (scheduled,) = desk.get(f"/programmes/{programme['id']}/scheduled-versions")["items"]
    assert datetime.fromisoformat(scheduled["starts_at"]) == morning.replace(second=0, microsecond=0)
    assert desk.get("/programmes")["items"][0]["version"] == 1

    waiting.get_by_role("button", name="Withdraw").click()
    expect(page.get_by_text("Withdrawn. Nothing will change.")).to_be_visible()
    expect(waiting).to_have_count(0)


def test_any_two_versions_side_by_side_field_by_field(desk, cafe):
    programme = desk.get("/programmes")["items"][0]
    coffee = {"key": 1, "at": 5, "reward": "a free coffee"}
    at_the_till.change_terms(cafe, stamps_needed=8, cooldown_seconds=300, tiers=[coffee])
    desk.open(f"programmes/{programme['id']}")
    page = desk.page

    page.get_by_text("Compare two versions").click()

    rows = page.get_by_role("region", name="Compare two versions").get_by_role("row")
    expect(rows).to_have_text([
        "WhatVersion 1Version 2", "Stamps for the reward108", "Pause between two visitsNo pause5 minutes",
        "a free coffee: At stamp–5", "a free coffee: Reward–a free coffee",
    ])  # fmt: skip
    at_the_console.check(page, "two versions")


def test_a_field_at_fault_is_not_left_folded_away(desk, cafe):
    coffee = {"key": 1, "at": 5, "reward": "a free coffee", "choices": [{"name": "a tea"}]}
    at_the_till.change_terms(cafe, tiers=[coffee])
    the_programme(desk)
    page = desk.page
    page.get_by_text("What it costs, a choice, only once").click()
    page.get_by_label("Or instead").fill("")
    page.get_by_text("What it costs, a choice, only once").click()
    expect(page.get_by_label("Or instead")).to_be_hidden()

    page.get_by_label("At which stamp").fill("6")

    expect(page.get_by_label("Or instead")).to_be_visible()
    expect(page.get_by_label("Or instead")).to_have_attribute("aria-invalid", "true")


def test_another_reward_in_a_gifts_place_is_another_gift(desk, cafe):
    coffee = {"key": 1, "at": 5, "reward": "a free coffee"}
    at_the_till.change_terms(cafe, tiers=[coffee])
    the_programme(desk)
    page = desk.page

    page.get_by_label("What there is on the way").fill("a free juice")
    expect(page.locator(".preview")).to_contain_text("No longer on the way: a free coffee.")
    page.get_by_role("button", name="Put it into force").click()

    expect(page.get_by_text("The new terms are in force.")).to_be_visible()
    (tier,) = desk.get("/programmes")["items"][0]["terms"]["tiers"]
    assert (tier["key"], tier["reward"]) == (2, "a free juice")


def test_terms_that_were_overtaken_say_so_and_are_opened_again(desk, cafe, service):
    programme = desk.get("/programmes")["items"][0]
    soon = datetime.now(UTC) + timedelta(seconds=2)
    terms = programme["terms"] | {"stamps_needed": 8}
    scheduled = {"terms": terms, "note": "Summer", "expected_version": 1, "starts_at": soon.isoformat()}
    desk.post(f"/programmes/{programme['id']}/versions", scheduled)
    at_the_till.change_terms(cafe, stamps_needed=12)
    service.stop()
    time.sleep(max(0, (soon - datetime.now(UTC)).total_seconds()))
    service.start()  # it looks at what is due at once
    the_programme(desk)
    page = desk.page

    expect(page.get_by_text("The programme was changed by hand before this could come into force.")).to_be_visible()
    page.get_by_role("button", name="Open these terms again").click()

    expect(page.get_by_label("How many stamps")).to_have_value("8")
    expect(page.get_by_label("Note (if you like)")).to_have_value("Summer")
    page.get_by_role("button", name="Put it into force").click()
    expect(page.get_by_text("The new terms are in force.")).to_be_visible()
    expect(page.get_by_text("The programme was changed by hand")).to_have_count(0)
    assert desk.get("/programmes")["items"][0]["terms"]["stamps_needed"] == 8
