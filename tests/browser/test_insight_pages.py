"""The owner asks the console five questions, in a real browser, of a shop that has been open for a hundred days."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from api.ids import id_text, moment_text, new_id
from tests.browser.at_the_console import AXE, DESKTOP, PHONE, check, open_page, pair

PAGES = ("doing", "slipping", "what-if", "did-it-work", "owing")
TABLET = {"width": 820, "height": 1180}
REGULARS, LOST = 35, 30
SENT_AT_ONCE = 400
INSIGHT = re.compile("/api/v1/insight")


@pytest.fixture(scope="module")
def street(browser, service, corner):
    """Two kinds of customers: those who come every week, and those who did until six weeks ago."""
    owner = open_page(browser, service.url, storage_state=corner)
    owner.open("today")
    programme = owner.programme(stamps_needed=5)
    till = pair(browser, service.url, owner.code_for("Street till"))
    visits = []
    for i in range(REGULARS + LOST):
        card = owner.card(programme)
        last = 1 + i % 7 if i < REGULARS else 42 + i % 7
        visits += [claim(card, days) for days in range(last, 100, 7)]
    for start in range(0, len(visits), SENT_AT_ONCE):
        some = visits[start : start + SENT_AT_ONCE]
        answer = till.ask("POST", "/sync", {"sent_at": moment_text(now_ms()), "events": some})
        assert {each["status"] for each in answer["body"]["results"]} <= {"applied", "flagged"}, answer
    till.page.context.close()
    owner.page.context.close()
    return programme


def now_ms():
    return int(datetime.now(UTC).timestamp() * 1000)


def claim(card, days):
    """A stamp so many days ago, at half past twelve where the shop is or an hour beside it."""
    noon = datetime.now(UTC).replace(hour=11, minute=30, second=0, microsecond=0) - timedelta(days=days)
    at = int(noon.timestamp() * 1000)
    happened = {"happened_at": moment_text(at), "already_happened": True}
    return {"id": id_text(new_id(at)), "kind": "stamp", "card": card["code"], "quantity": 1} | happened


def saved_rows(page, press):
    """What stands in the file that this button keeps."""
    with page.expect_download() as download:
        press.click()
    with open(download.value.path(), encoding="utf-8", newline="") as file:
        text = file.read()
    return text, list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def shown_in(page, title):
    """The panel with this finding."""
    return page.locator(".finding", has=page.get_by_role("heading", name=title))


def test_how_are_we_doing_is_answered_in_sentences_with_a_table_beside_each_plot(owner, street):
    owner.open("doing")
    page = owner.page

    expect(
        page.get_by_role("heading", name=re.compile(r"^\d+ of \d+ new customers come back within 30 days$"))
    ).to_be_visible()
    expect(page.get_by_role("heading", name=re.compile("^(Lunch is busiest|Busiest of all): "))).to_be_visible()
    expect(page.get_by_role("heading", name=re.compile("cards are full within 180 days"))).to_be_visible()
    expect(page.get_by_role("heading", name=re.compile("hurry towards the reward"))).to_be_visible()
    weeks = shown_in(page, re.compile("visits"))
    weeks = weeks.filter(has=page.get_by_text("visits a week"))
    told = owner.get("/insight/retention")["weeks"]
    expect(weeks.locator("tbody tr")).to_have_count(len(told))
    assert "unseen" in weeks.locator(".unseen:has(table)").get_attribute("class")  # for those who listen

    weeks.get_by_role("button", name="As a table").click()

    expect(weeks.locator("tbody tr").first.locator("td").first).to_have_text(str(told[-1]["visits"]))


def test_what_a_figure_means_is_told_by_mouse_finger_and_keyboard(owner, street):
    owner.open("doing")
    page = owner.page
    button = page.get_by_role("button", name="What is this: Active cards")
    meaning = page.get_by_text("Cards with at least one visit in the last 28 days.")
    expect(button).to_have_accessible_description(re.compile("at least one visit in the last 28 days"))

    button.hover()
    expect(meaning).to_be_visible()
    page.keyboard.press("Escape")
    expect(meaning).to_be_hidden()
    page.mouse.move(0, 0)
    button.dispatch_event("click")  # a finger: no mouse came over it
    expect(meaning).to_be_visible()
    button.dispatch_event("click")
    expect(meaning).to_be_hidden()

    page.get_by_role("button", name="Print").focus()  # what stands before it
    page.keyboard.press("Tab")

    expect(button).to_be_focused()
    expect(meaning).to_be_visible()


def test_who_is_slipping_away_leads_from_the_money_to_the_card(owner, street):
    owner.open("slipping")
    page = owner.page

    expect(
        page.get_by_role("heading", name=re.compile(r"^30 regulars are slipping away: €[\d.,]+ less in four weeks$"))
    ).to_be_visible()
    expect(page.get_by_role("heading", name=re.compile("^The forecast was "))).to_be_visible()
    lines = page.locator(".slipping-list tbody tr")
    expect(lines).to_have_count(LOST)
    page.get_by_role("button", name="30 days").click()
    expect(page.get_by_role("heading", name="No regular is slipping away")).to_be_visible()
    page.get_by_role("button", name="Any time").click()
    code = lines.first.locator("a").inner_text()

    lines.first.locator("a").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text(code)


def test_a_file_for_a_spreadsheet_holds_numbers_and_nothing_that_could_run(owner, street):
    person = {"name": '=HYPERLINK("http://evil")', "phone": "+48 600", "email": "-1@shop.example"}
    line = {"card": {"code": "A" * 18, "short_code": "AAAA-BBBB", "customer": person}, "last_visit": "2026-11-01",
            "earlier": 4.0, "expected": 0.25, "margin": 1650}  # fmt: skip
    told = {"at": "2026-11-21T12:00:00.000Z", "n": 80, "watched": 70, "slipping": 1, "margin": 1650,
            "margin_per_visit": 440.0, "items": [line], "calibration": None}  # fmt: skip
    owner.page.route("**/api/v1/insight/at-risk*", lambda route: route.fulfill(json=told))
    owner.open("slipping")

    text, (heads, row) = saved_rows(owner.page, owner.page.get_by_role("button", name="Save as CSV"))

    assert text.startswith("\ufeffShort code,")
    assert row[:4] == ["AAAA-BBBB", '\'=HYPERLINK("http://evil")', "'-1@shop.example", "'+48 600"]
    assert dict(zip(heads, row, strict=True))["At risk (EUR)"] == "16.5"
    assert ",4,0.25,16.5\r\n" in text


def test_what_if_says_what_a_change_would_have_come_to_and_what_is_assumed(owner, street):
    owner.open(f"what-if?programme={street['id']}")
    page = owner.page
    expect(
        page.get_by_role("heading", name=re.compile("^As it is, with 5 stamps, the rewards come to €"))
    ).to_be_visible()

    page.get_by_label("Stamps for a reward").fill("10")

    expect(page.get_by_role("heading", name=re.compile(
        "^10 stamps instead of 5 would have saved €.*, had customers come as they did$"))).to_be_visible()  # fmt: skip
    expect(
        page.get_by_text(re.compile(r"^In the long run it pays even if visits shrink by up to [\d.]+%\.$"))
    ).to_be_visible()
    page.get_by_label("Stamps for a reward").fill("3")
    expect(
        page.get_by_text(re.compile(r"^In the long run visits must grow by [\d.]+% to pay for it\.$"))
    ).to_be_visible()
    expect(page.get_by_text("Nobody knows this: you assume it.")).to_be_visible()
    with page.expect_request(re.compile("what-if.extra_visits=0.1$")):
        page.get_by_label("Visits more than there were").fill("10")
    expect(
        page.get_by_role("heading", name=re.compile("^3 stamps instead of 5 and 10% more visits would have left you €"))
    ).to_be_visible()
    page.get_by_role("button", name="Back to today").click()
    expect(page.get_by_role("heading", name=re.compile("^As it is, with 5 stamps"))).to_be_visible()


def test_without_price_and_cost_what_if_counts_rewards_and_says_what_is_missing(owner, street):
    programme = owner.programme(stamps_needed=5, unit_cost=0, unit_price=0)
    owner.stamp(owner.card(programme), quantity=6)
    owner.open(f"what-if?programme={programme['id']}")
    page = owner.page

    expect(page.get_by_role("heading", name="1 reward at 5 stamps; today's terms would have given 1")).to_be_visible()
    notice = page.get_by_text("What the reward costs you and what it sells for are not filled in yet")
    expect(notice).to_be_visible()
    missing = page.locator(".notice", has=notice).get_by_role("link", name="To the programme")
    expect(missing).to_have_attribute("href", f"#/programmes/{programme['id']}")


def test_what_do_we_owe_is_said_in_money_and_in_rewards(owner, street):
    owner.open("owing")
    page = owner.page

    expect(page.get_by_role("heading", name=re.compile(
        r"^We owe about €[\d.,]+ in rewards, €[\d.,]+ at the very most$"))).to_be_visible()  # fmt: skip
    expect(page.get_by_role("heading", name="0 of 100 earned rewards are fetched")).to_be_visible()
    expect(page.get_by_role("heading", name="What is never fetched is not known yet")).to_be_visible()
    owed = owner.get("/insight/liability")["owed"]
    expect(page.locator(".fact", has_text="Rewards waiting").locator(".fact-value")).to_have_text(str(owed["rewards"]))


def test_did_it_work_holds_every_campaign_against_those_who_got_nothing(owner, street):
    campaign = {"name": "Quiet Tuesday", "kind": "hours", "weekdays": [2], "stamps": 1, "hold_out": 10}
    made = owner.post("/campaigns", campaign)
    side = {"cards": 900, "visits": 1800, "mean": 2.0}
    effect = {"finding": "better", "is_over": False, "since": "2026-10-01T00:00:00.000Z",
              "until": "2026-11-01T00:00:00.000Z", "could_get": side, "held_out": side,
              "difference": 0.31, "low": 0.12, "high": 0.5}  # fmt: skip
    owner.open("did-it-work")
    page = owner.page
    expect(page.get_by_role("heading", name="It is too early to tell what the campaigns bring")).to_be_visible()

    page.route(f"**/api/v1/campaigns/{made['id']}/effect", lambda route: route.fulfill(json=effect))
    owner.open("did-it-work")

    expect(page.get_by_role("heading", name="The campaign brought visits")).to_be_visible()
    expect(page.locator(".effect-line svg.range")).to_be_visible()
    _, rows = saved_rows(page, page.get_by_role("button", name="Save as CSV"))
    assert rows[1] == ["Quiet Tuesday", "2026-10-01", "2026-11-01", "900", "900", "0.31", "0.12", "0.5"]
    page.get_by_role("link", name="Quiet Tuesday").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Quiet Tuesday")


def test_a_long_answer_tells_how_far_it_is_and_can_be_cancelled(owner, street):
    page, deleted = owner.page, []
    how_far = {"done": 400, "of": 1000}

    def answer(route):
        if route.request.method == "DELETE":
            deleted.append(route.request.url)
            return route.fulfill(status=204)
        return route.fulfill(status=202, json=how_far)

    page.route(INSIGHT, answer)
    said = page.locator(".reading [role=status]")
    owner.open("owing")
    expect(page.get_by_role("progressbar")).to_have_attribute("value", "400")
    expect(said).to_have_text("Reading the history: 400 of 1,000 cards …")
    how_far.update(done=1000)
    expect(said).to_have_text("All is read. Now reckoning …")
    how_far.update(done=None, of=None)
    expect(said).to_have_text("Something else is being reckoned first …")

    with page.expect_response(lambda heard: heard.request.method == "DELETE"):
        page.get_by_role("button", name="Cancel").click()

    expect(page.get_by_text("Cancelled. Nothing is being reckoned any more.")).to_be_visible()
    assert len(deleted) == 1
    page.unroute(INSIGHT)
    page.get_by_role("button", name="Ask again").click()
    expect(page.get_by_role("heading", name=re.compile("^We owe about €"))).to_be_visible()


def test_a_new_shop_is_told_what_is_missing(browser, service):
    owner = open_page(browser, service.url)
    cookies = service.set_up().cookies
    place = {"domain": "localhost", "path": "/", "secure": True, "sameSite": "Strict"}
    owner.page.context.add_cookies([{"name": name, "value": value} | place for name, value in cookies.items()])

    for place, missing in {
        "doing": "Nobody has a card yet.",
        "slipping": "At least 50 customers have to have come a second time.",
        "what-if": "Nothing has happened on cards of this programme yet.",
        "did-it-work": "There is no campaign yet",
        "owing": "Nobody has a card yet.",
    }.items():
        owner.open(place)
        expect(owner.page.get_by_text(missing)).to_be_visible()

    assert owner.trouble == []
    owner.page.context.close()


def test_the_figures_are_no_part_of_the_first_load(owner, street):
    asked = []
    owner.page.on("request", lambda request: asked.append(request.url))
    owner.open("today")
    assert [url for url in asked if "console-pages" in url] == []

    owner.page.get_by_role("link", name="What do we owe?").click()

    expect(owner.page.get_by_role("heading", level=1)).to_have_text("What do we owe?")
    assert len([url for url in asked if "console-pages" in url]) == 1


@pytest.mark.parametrize(
    ("theme", "size", "language"),
    [("light", DESKTOP, "en"), ("dark", PHONE, "pl"), ("light", TABLET, "pl")],
    ids=["desktop", "phone", "tablet"],
)
def test_every_page_of_figures_is_accessible_and_fits_its_width(
    browser, service, corner, street, theme, size, language
):
    look = {"color_scheme": theme, "viewport": size, "reduced_motion": "reduce"}
    chosen = [{"name": "tenth.console.language", "value": language}]
    signed_in = corner | {"origins": [{"origin": service.url, "localStorage": chosen}]}
    owner = open_page(browser, service.url, storage_state=signed_in, **look)
    owner.page.add_init_script(AXE)
    for place in PAGES:
        owner.open(place)
        expect(owner.page.locator(".finding").first).to_be_visible()
        table = owner.page.get_by_role("button", name="Jako tabela" if language == "pl" else "As a table")
        if table.count():
            table.first.click()
        owner.page.locator(".what > button").first.click()
        check(owner.page, f"{place}, {theme}, {language}")
    assert owner.trouble == []
    owner.page.context.close()


def test_the_monthly_report_is_one_press_away(owner, street):
    owner.open("doing")
    page = owner.page
    month = page.get_by_label("Month", exact=True)
    assert len(month.locator("option").all()) == 13
    month.select_option(index=0)

    with page.expect_download() as download:
        page.get_by_role("button", name="Get the report (PDF)").click()

    assert re.fullmatch(r"report-\d{4}-\d\d\.pdf", download.value.suggested_filename)
    with open(download.value.path(), "rb") as file:
        assert file.read(5) == b"%PDF-"
