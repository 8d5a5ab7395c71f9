"""The owner tries another goal in a real browser: what it takes, what it has shown, the stop, the better terms."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.browser.at_the_console import AXE, DESKTOP, PHONE, check, open_page

PLACE = "did-it-work"


def told(**more):
    """What the service would say after a good half year."""
    looks = [
        {"at": f"2026-{month:02}-01T12:00:00.000Z", "difference": 310.0 + month, "low": low, "high": 900.0 - low}
        for month, low in ((5, -200.0), (6, -40.0), (7, 30.0), (8, 60.0))
    ]
    arms = {"control": {"drawn": 587, "cards": 427, "mean": 1813.0}, "treatment": {"drawn": 613, "cards": 453}}
    arms["treatment"]["mean"] = 2131.0
    return arms | {
        "finding": "better", "first_at": "2026-04-01T12:00:00.000Z", "until": "2026-08-01T12:00:00.000Z", "p": 0.45,
        "difference": 318.0, "low": 60.0, "high": 576.0, "looks": looks,
    } | more  # fmt: skip


def show(page, result):
    """Let the service have found this."""
    answer = {"body": json.dumps(result), "content_type": "application/json"}
    page.route(re.compile(r"/experiments/[^/]+/result$"), lambda route: route.fulfill(**answer))


@pytest.fixture
def experiment(owner):
    """Eight stamps instead of ten, on a programme of its own."""
    programme = owner.programme()
    return owner.post("/experiments", {"programme": programme["id"], "stamps_needed": 8})


def of(page, experiment):
    """The part of the page about one experiment."""
    return page.locator("section", has=page.get_by_role("heading", name=f"{experiment['name']}: "))


def test_the_owner_is_told_what_it_takes_and_starts_all_the_same(owner):
    programme = owner.programme()
    owner.open(PLACE)
    page = owner.page
    page.get_by_role("button", name="Try another goal").click()

    page.get_by_label("Programme").select_option(label=programme["name"])
    page.get_by_label("Stamps for a reward").fill("7")
    expect(page.get_by_text("The poster promises 10 stamps.")).to_be_visible()
    expect(page.get_by_role("heading", name="You cannot see a difference of 10% in your shop")).to_be_visible()
    page.get_by_label("Difference worth seeing").select_option("20%")
    expect(page.get_by_role("heading", name="You cannot see a difference of 20% in your shop")).to_be_visible()
    expect(page.get_by_role("row", name="Any day you like 1,886")).to_be_visible()
    page.get_by_role("button", name="Start all the same").click()

    made = of(page, programme)
    expect(made.get_by_role("heading", level=2)).to_have_text(f"{programme['name']}: 7 stamps instead of 10 stamps")
    expect(made.get_by_text("Too early: the first cards’ eight weeks are over on")).to_be_visible()
    started = next(one for one in owner.get("/experiments")["items"] if one["name"] == programme["name"])
    assert (started["planned_cards"], started["share"]) == (1886, 50)


def test_a_dearer_goal_is_refused_beside_its_field(owner):
    programme = owner.programme()
    owner.open(PLACE)
    page = owner.page
    page.get_by_role("button", name="Try another goal").click()
    page.get_by_label("Programme").select_option(label=programme["name"])

    page.get_by_label("Stamps for a reward").fill("10")
    page.get_by_role("button", name="Start all the same").click()

    expect(page.get_by_text("This does not fit here.")).to_be_visible()


def test_a_programme_without_a_price_has_none(owner):
    programme = owner.programme(unit_price=0)
    owner.open(PLACE)
    page = owner.page
    page.get_by_role("button", name="Try another goal").click()
    page.get_by_label("Programme").select_option(label=programme["name"])

    expect(page.get_by_role("link", name="To the programme")).to_be_visible()
    expect(page.get_by_role("button", name="Start")).to_be_disabled()


def test_the_owner_sees_what_it_earned_and_makes_it_the_programmes(owner, experiment):
    show(owner.page, told())
    owner.open(PLACE)
    part = of(owner.page, experiment)

    finding = "With 8 stamps a card earns €3.18 more (from €0.60 to €5.76)"
    expect(part.get_by_role("heading", name=finding)).to_be_visible()
    expect(part.locator("svg .curve")).to_be_visible()
    expect(part.get_by_role("row", name="10 stamps 587 427 €18.13")).to_be_visible()
    part.get_by_role("button", name="As a table").click()
    expect(part.get_by_role("row", name="1 August 2026 +€3.18 +€0.60 +€8.40")).to_be_visible()
    part.get_by_role("link", name="Make it 8 stamps for every card").click()

    expect(owner.page.get_by_label("How many stamps")).to_have_value("8")
    owner.page.get_by_role("button", name="Put it into force").click()
    expect(owner.page.locator("ol").get_by_text("Version 2")).to_be_visible()
    ended = next(one for one in owner.get("/experiments")["items"] if one["id"] == experiment["id"])
    assert (ended["state"], ended["cut_at"]) == ("stopped", ended["stopped_at"])


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (told(finding="worse", difference=-318.0, low=-576.0, high=-60.0), "earns €3.18 less (from €0.60 to €5.76)"),
        (told(finding="open", low=-60.0), "it lies between −\u2060€0.60 and +\u2060€5.76 a card"),
        (told(finding="uneven", p=0.0001), "Do not trust this: 587 and 613 cards are not what chance would have drawn"),
        (told(finding="too_early", looks=[]), "Too early: 427 cards of the smaller group have had their eight weeks"),
    ],
)
def test_every_finding_has_its_sentence_and_only_the_better_one_is_offered(owner, experiment, result, words):
    show(owner.page, result)
    owner.open(PLACE)
    part = of(owner.page, experiment)

    expect(part.get_by_role("heading", name=words)).to_be_visible()
    expect(part.get_by_role("link", name="Make it")).to_have_count(0)
    expect(part.locator("svg")).to_have_count(0 if result["finding"] in ("uneven", "too_early") else 1)


def test_the_owner_stops_it_and_its_cards_have_a_programme_of_their_own(owner, experiment):
    owner.open(PLACE)
    part = of(owner.page, experiment)

    part.get_by_role("button", name="Stop").click()
    owner.dialog().get_by_role("button", name="Stop").click()
    expect(part.get_by_text("stopped by Ada.")).to_be_visible()
    owner.open("programmes")

    expect(owner.page.get_by_text("Tried on some new cards").first).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_it_is_for_everyone(browser, owner, corner, experiment, theme, size):
    programme = owner.programme()
    page = open_page(browser, owner.url, storage_state=corner, viewport=size, color_scheme=theme)
    page.page.add_init_script(AXE)
    show(page.page, told())
    page.open(PLACE)
    expect(of(page.page, experiment).locator("svg .curve")).to_be_visible()
    page.page.get_by_role("button", name="Try another goal").click()
    page.page.get_by_label("Programme").select_option(label=programme["name"])
    expect(page.page.get_by_role("heading", name="You cannot see")).to_be_visible()
    check(page.page, f"{PLACE} {theme}")
    assert page.trouble == []
    page.page.context.close()


def test_it_speaks_polish(browser, owner, corner, experiment):
    page = open_page(browser, owner.url, storage_state=corner, viewport=PHONE)
    page.page.add_init_script(AXE)
    page.page.add_init_script("localStorage.setItem('tenth.console.language', 'pl')")
    show(page.page, told())
    page.open(PLACE)

    expect(page.page.get_by_role("heading", name="8 pieczątek: karta zarabia o").first).to_be_visible()
    check(page.page, "in Polish")
    page.page.context.close()


def test_a_phone_knows_its_card_again_whichever_goal_it_fell_into(browser, owner, experiment):
    made = owner.post("/cards", {"programme": experiment["control"]["programme"]})
    while made["card"]["needed"] != 8:
        made = owner.post("/cards", {"programme": experiment["control"]["programme"]})
    phone = open_page(browser, owner.url, viewport=PHONE)
    phone.page.goto(f"{made['card']['url']}#{made['key']}")
    expect(phone.page.get_by_role("heading", name=experiment["name"])).to_be_visible()

    phone.page.goto(f"{owner.url}/join/{owner.get('/shops')['items'][0]['join_code']}")
    phone.page.get_by_label(experiment["name"]).check()

    expect(phone.page.locator(f"a[href='/c/{made['card']['code']}']")).to_be_visible()
    expect(phone.page.get_by_label(experiment["name"])).to_have_count(1)
    phone.page.context.close()
