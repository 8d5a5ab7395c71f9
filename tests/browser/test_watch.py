"""The owner watches in a real browser: the digest, what is usual, a colleague's own card, many flags at once."""

import pytest
from playwright.sync_api import expect

from tests.browser.at_the_console import AXE, DESKTOP, PHONE, check, open_page, pair, stamp_claim


@pytest.fixture
def week(browser, owner):
    """A week at the counter: Bo stamps most, Ann less, something is given by hand and something odd happens."""
    programme = owner.programme(cooldown_seconds=600)
    bo, ann = (owner.post("/staff", {"name": name, "pin": "7391"})["id"] for name in ("Bo", "Ann"))
    cards = [owner.card(programme, stamps=2, rewards=1) for _ in range(3)]
    facts = [stamp_claim(owner.card(programme)) | {"kind": "redeem", "already_happened": True} for _ in range(4)]
    claims = [
        stamp_claim(cards[0], quantity=3, staff=bo),
        stamp_claim(cards[0], staff=bo, reason="two coffees"),
        stamp_claim(cards[1], staff=ann),
        stamp_claim(cards[2]) | {"kind": "redeem", "staff": bo},
        *facts,
    ]
    device = pair(browser, owner.url, owner.code_for("Tablet"))
    sent = device.post("/sync", {"sent_at": claims[0]["happened_at"], "events": claims})
    device.page.context.close()
    statuses = [result["status"] for result in sent["results"]]
    assert statuses == ["applied", "flagged", "applied", "applied", *["flagged"] * 4]
    return cards


def test_the_digest_says_what_happened_in_sentences_and_tables(owner, week):
    owner.open("today")
    owner.page.get_by_role("link", name="Watch").click()
    page = owner.page

    expect(page.get_by_text("3 visits, stamps given: 5.")).to_be_visible()
    expect(page.get_by_text("1 time somebody stamped against a limit, with a reason.")).to_be_visible()
    expect(page.get_by_role("heading", name="Bo gave 80% of the 5 stamps.")).to_be_visible()
    bo = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Bo", exact=True))
    expect(bo.get_by_role("cell")).to_have_text(["4 80%", "2", "0", "1", "0", "1", "€2.50"])
    page.get_by_role("link", name=f"Card {week[0]['short_code']}").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(week[0]["short_code"])


def test_the_owner_says_what_is_usual(owner):
    owner.open("watch")
    page = owner.page

    page.get_by_label("Visits of a card in an hour").fill("5")
    page.get_by_label("Nobody works from").select_option("22:30")
    page.get_by_label("until", exact=True).select_option("06:00")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Save")).to_be_disabled()
    business = owner.get("/business")
    assert (business["watch_card_hour"], business["quiet_from"], business["quiet_until"]) == (5, 1350, 360)


def test_a_card_becomes_a_colleague_s_own_and_is_free_again(owner):
    card = owner.card(owner.programme())
    cleo = owner.post("/staff", {"name": "Cleo", "pin": "7391"})
    owner.open("staff")
    owner.page.get_by_role("button", name="Own cards: 0 Cleo").click()
    dialog = owner.dialog()

    dialog.get_by_label("Code of the card").fill("nonsense")
    dialog.get_by_role("button", name="Add the card").click()
    expect(dialog.get_by_text("No card has this code.")).to_be_visible()
    dialog.get_by_label("Code of the card").fill(card["short_code"].lower())
    dialog.get_by_role("button", name="Add the card").click()

    expect(dialog.get_by_role("link", name=f"Card {card['short_code']}")).to_be_visible()
    cards = {person["id"]: person["cards"] for person in owner.get("/staff")["items"]}
    assert [own["code"] for own in cards[cleo["id"]]] == [card["code"]]
    dialog.get_by_role("button", name=f"Remove {card['short_code']}").click()
    expect(dialog.get_by_role("listitem")).to_have_count(0)
    assert all(person["cards"] == [] for person in owner.get("/staff")["items"])


def test_many_flags_of_one_reason_are_settled_with_one_decision(owner, week):
    owner.open("set-aside")
    owner.page.get_by_role("button", name="Fine, all of these: more than the card had").click()
    dialog = owner.dialog()
    dialog.get_by_label("Note").fill("the office came")
    dialog.get_by_role("button", name="All fine").click()

    expect(owner.page.get_by_text("lines noted as fine.")).to_be_visible()
    expect(owner.page.get_by_role("button", name="more than the card had")).to_have_count(0)
    assert all(line["flag"] != "overdrawn" for line in owner.get("/flags")["items"])


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_it_is_for_everyone(browser, owner, corner, week, theme, size):
    page = open_page(browser, owner.url, storage_state=corner, viewport=size, color_scheme=theme)
    page.page.add_init_script(AXE)
    for place in ("watch", "staff", "set-aside"):
        page.open(place)
        check(page.page, f"{place} {theme}")
    page.page.get_by_role("button", name="Fine, all of these").first.click()
    check(page.page, f"fine, all of these {theme}")
    assert page.trouble == []
    page.page.context.close()
