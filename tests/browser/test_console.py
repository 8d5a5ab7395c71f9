"""The owner's console in a real browser against the real service: the way in, today's figures, every screen's looks."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.at_the_console import AXE, DESKTOP, PHONE, check, open_page, pair
from tests.browser.conftest import PASSWORD

EMAIL = "ala@corner.example"


@pytest.fixture
def visitor(browser, service):
    """Somebody who has not signed in."""
    visitor = open_page(browser, service.url)
    yield visitor
    assert visitor.trouble == []
    visitor.page.context.close()


def test_the_set_up_link_leads_to_a_shop_with_a_paired_till(visitor, service, browser):
    page = visitor.page
    page.goto(service.set_up_link())
    page.get_by_label("Your name").fill("Ben Maas")
    page.get_by_label("E-mail").fill("ben@bakery.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Name of the business").fill("Bakery")
    page.get_by_label("Name of the shop").fill("Harbour")
    page.get_by_label("Currency").select_option("EUR")
    page.get_by_label("How many stamps").fill("8")
    page.get_by_label("What is free").fill("a free loaf")
    expect(page.get_by_text("Every 8 stamps earn a free loaf.")).to_be_visible()
    expect(page.get_by_role("img", name="0 of 8 stamps")).to_be_visible()
    page.get_by_role("button", name="Open the shop").click()

    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    assert "setup" not in page.url
    page.get_by_role("link", name="Pair your first till").click()
    page.get_by_role("button", name="Make the code").click()
    code = page.locator(".big-code").inner_text()
    expect(page.get_by_role("timer")).to_have_text(re.compile(r"^(10:00|9:\d\d)$"))
    expect(page.get_by_label("Address of the till page")).to_have_value(f"{service.url}/kiosk/")
    pair(browser, service.url, code).page.context.close()

    expect(page.get_by_role("heading", name="Till 1 is here")).to_be_visible()
    page.get_by_role("button", name="Done").click()
    expect(page.locator(".till").get_by_text("here now")).to_be_visible()
    (programme,) = visitor.get("/programmes")["items"]
    assert (programme["terms"]["stamps_needed"], programme["terms"]["reward"]) == (8, "a free loaf")


def test_a_used_set_up_link_says_so_and_leads_to_the_sign_in(visitor, service):
    page = visitor.page

    page.goto(f"{service.url}/console/#setup=never-given-out")

    expect(page.get_by_text("This set-up link is not known here.")).to_be_visible()
    page.get_by_role("link", name="Sign in").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_wrong_password_is_refused_and_the_right_one_opens_the_screen_asked_for(visitor, service):
    service.set_up(owner={"name": "Ala Nowak", "email": EMAIL, "password": PASSWORD})
    page = visitor.page
    page.goto(f"{visitor.url}/console/#/staff")
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password").fill("ten sandwiches and no more")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("do not belong together")

    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("heading", name="Staff")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_the_plot_says_its_finding_and_stands_beside_a_table_of_the_same_figures(owner):
    owner.stamp(owner.card(owner.programme()), quantity=4)
    today = owner.get("/today")
    owner.open("today")
    page = owner.page

    title = page.locator("#plot-title")
    expect(title).to_have_text(re.compile(rf"{today['stamps']} stamps? in the last 30 days"))
    expect(page.locator(".plot svg")).to_have_attribute("aria-labelledby", "plot-title")
    page.get_by_role("button", name="As a table").click()

    rows = page.locator(".days-table tbody tr")
    expect(rows).to_have_count(30)
    expect(rows.first.locator("td").first).to_have_text(str(today["stamps"]))


@pytest.mark.parametrize(
    ("before", "last", "says"),
    [
        (0, 0, "No stamps yet in these 30 days"),
        (0, 1, "14 stamps in the last 30 days"),
        (10, 11, "Stamps are steady: 154 in the last two weeks, 140 in the two before"),
        (10, 15, "More stamps: 210 in the last two weeks after 140 in the two before, 50% up"),
        (10, 5, "Fewer stamps: 70 in the last two weeks after 140 in the two before, 50% down"),
    ],
)
def test_two_weeks_are_held_against_the_two_before_and_chance_is_not_called_news(owner, before, last, says):
    a_day = [0] + [before] * 14 + [last] * 14 + [0]  # today has only begun: it says nothing yet
    days = [{"day": f"2026-11-{i + 1:02}", "stamps": n, "new_cards": 0, "redemptions": 0} for i, n in enumerate(a_day)]
    owner.page.route("**/api/v1/days?*", lambda route: route.fulfill(json={"items": days}))

    owner.open("today")

    expect(owner.page.locator("#plot-title")).to_have_text(says)


def test_a_screen_without_an_answer_says_so_and_tries_again(owner):
    page = owner.page
    problem = {"code": "busy", "title": "Busy", "status": 503}
    page.route("**/api/v1/staff", lambda route: route.fulfill(status=503, json=problem))
    owner.open("staff")
    expect(page.get_by_role("alert")).to_contain_text("The service is busy.")

    page.unroute("**/api/v1/staff")
    page.get_by_role("button", name="Try again").click()

    expect(page.get_by_role("alert")).to_have_count(0)
    owner.trouble = [said for said in owner.trouble if "503" not in said]


def test_the_console_speaks_polish_when_the_owner_chooses_it(owner):
    page = owner.page

    page.get_by_label("Language").select_option("pl")

    expect(page.get_by_role("heading", name="Dziś")).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "pl"
    page.reload()
    expect(page.get_by_role("heading", name="Dziś")).to_be_visible()


def test_the_content_is_one_key_away_and_a_new_screen_takes_the_focus(owner):
    page = owner.page
    page.reload()
    expect(page.get_by_role("heading", name="Today")).to_be_focused()
    page.get_by_role("link", name="Cards", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Cards", level=1)).to_be_focused()

    page.get_by_role("link", name="Straight to the content").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    expect(page.get_by_label("Find a card")).to_be_focused()


@pytest.mark.parametrize(("theme", "size"), [("light", DESKTOP), ("dark", PHONE)], ids=["desktop", "phone"])
def test_every_screen_is_accessible_and_fits_its_width(browser, service, corner, theme, size):
    look = {"color_scheme": theme, "viewport": size, "reduced_motion": "reduce"}
    owner = open_page(browser, service.url, storage_state=corner, **look)
    owner.page.add_init_script(AXE)
    owner.open("today")
    programme = owner.programme(welcome_stamps=1)
    card = owner.card(programme, stamps=3, rewards=1)
    page, card_page, programme_page = owner.page, f"cards/{card['code']}", f"programmes/{programme['id']}"
    places = ["today", "cards", "programmes", "programmes/new", "tills", "staff", "print", "set-aside", "business"]
    for place in [*places, "connections", "more", programme_page, card_page]:
        page.evaluate("(place) => { location.hash = `#/${place}`; }", place)
        expect(page.get_by_role("heading", level=1)).to_be_focused()
        check(page, place)
    for name in ("Put figures right", "Card was lost", "Add a name"):
        page.get_by_role("button", name=name).click()
        check(page, name)
        page.keyboard.press("Escape")
    owner.open(programme_page)
    page.get_by_label("How many stamps").fill("20")
    expect(page.get_by_role("button", name="Put it into force")).to_be_enabled()
    check(page, "a changed promise")
    page.get_by_role("button", name="Put back").click()
    page.context.clear_cookies()
    page.reload()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    check(page, "sign in")
    page.goto("about:blank")
    page.goto(service.set_up_link())
    expect(page.get_by_label("Your name")).to_be_visible()
    check(page, "set up")
    assert owner.trouble == []
    page.context.close()
