"""The owner's inbox in a real browser: what was set aside is counted, left out, reviewed, forgiven; on a phone too."""

import pytest
from playwright.sync_api import expect

from tests.browser.at_the_console import AXE, DESKTOP, PHONE, check, open_page, pair, stamp_claim

NO_CARD = {"code": "0" * 17 + "1"}


def send(browser, owner, *events):
    """What a newly paired till says."""
    device = pair(browser, owner.url, owner.code_for("Tablet"))
    sent = device.post("/sync", {"sent_at": stamp_claim(NO_CARD)["happened_at"], "events": list(events)})
    device.page.context.close()
    return [result["status"] for result in sent["results"]]


def fact(card, kind="stamp", **values):
    return stamp_claim(card, already_happened=True, **values) | {"kind": kind}


def empty(owner):
    """Settle whatever an earlier test left."""
    for item in owner.get("/kept")["items"]:
        owner.post(f"/kept/{item['id']}/dismissals", {"content": item["content"], "reason": "tidied up"})
    for line in owner.get("/flags")["items"]:
        owner.post(f"/flags/{line['id']}/reviews", {"verdict": "fine"})
    for item in owner.get("/owed")["items"]:
        owner.post(f"/owed/{item['card']['code']}/pardons", {"reason": "tidied up"})


def test_a_stamp_for_an_unknown_card_is_counted_on_the_right_one(owner, browser):
    empty(owner)
    card = owner.card(owner.programme())
    assert send(browser, owner, fact(NO_CARD, quantity=2)) == ["kept"]
    owner.open("set-aside")
    item = owner.page.locator(".aside-item")
    expect(item).to_contain_text("2 stamps")
    expect(item).to_contain_text("No card has this code.")
    expect(item).to_contain_text("Tablet in Market Street")

    item.get_by_role("button", name="Count it").click()
    dialog = owner.dialog()
    dialog.get_by_label("On which card?").fill("nonsense")
    dialog.get_by_role("button", name="Count it").click()
    expect(dialog.get_by_text("No card has this code.")).to_be_visible()
    dialog.get_by_label("On which card?").fill(card["short_code"].lower())
    dialog.get_by_label("Note").fill("the scan was bad")
    dialog.get_by_role("button", name="Count it").click()

    expect(owner.page.get_by_text("Counted. The card has it now.")).to_be_visible()
    expect(item).to_have_count(0)
    assert owner.face(card)["stamps"] == 2
    owner.page.get_by_role("button", name="Settled").click()
    expect(item.filter(has_text="the scan was bad")).to_contain_text("Counted by Ada")


def test_what_nobody_can_read_is_left_out_with_a_reason(owner, browser):
    empty(owner)
    send(browser, owner, ["nonsense"])
    owner.open("set-aside")
    item = owner.page.locator(".aside-item")
    expect(item.get_by_role("button", name="Count it")).to_have_count(0)

    item.get_by_role("button", name="Leave it out").click()
    owner.dialog().get_by_label("Reason").fill("an old tablet")
    owner.dialog().get_by_role("button", name="Leave it out").click()

    expect(owner.page.get_by_text("Nothing is waiting.")).to_be_visible()
    owner.open("today")
    expect(owner.page.get_by_role("link", name="Have a look")).to_have_count(0)


def test_odd_lines_are_fine_or_undone_and_what_is_owed_is_forgiven(owner, browser):
    empty(owner)
    programme = owner.programme()
    cards = [owner.card(programme) for _ in range(3)]
    for card, name in zip(cards, ("Ann", "Bo", "Cy"), strict=True):
        said = {"name": name, "phone": "+48 600 100 200", "email": "x@example.com"}
        owner.ask("PUT", f"/cards/{card['code']}/customer", said)
    assert send(browser, owner, *(fact(card, "redeem") for card in cards)) == ["flagged"] * 3
    owner.open("set-aside")
    page, lines, owed = owner.page, owner.page.locator(".line"), owner.page.locator(".aside-item")

    lines.filter(has_text="Ann").get_by_role("button", name="Fine").click()
    owner.dialog().get_by_role("button", name="Fine").click()
    expect(lines).to_have_count(2)
    lines.filter(has_text="Bo").get_by_role("button", name="Undo").click()
    owner.dialog().get_by_label("Reason").fill("pressed by mistake")
    owner.dialog().get_by_role("button", name="Undo it").click()
    expect(lines).to_have_count(1)
    expect(owed).to_have_count(2)
    owed.filter(has_text="Cy").get_by_role("button", name="Contact").click()
    expect(owner.dialog().get_by_role("link", name="+48 600 100 200")).to_have_attribute("href", "tel:+48600100200")
    expect(owner.dialog().get_by_role("link", name="x@example.com")).to_have_attribute("href", "mailto:x@example.com")
    page.keyboard.press("Escape")
    owed.filter(has_text="Cy").get_by_role("button", name="Forgive").click()
    owner.dialog().get_by_label("Reason").fill("our mistake")
    owner.dialog().get_by_role("button", name="Forgive").click()
    expect(owed).to_have_count(1)

    assert [owner.face(card)["rewards_owed"] for card in cards] == [1, 0, 0]


@pytest.mark.parametrize("language", ["en", "pl"])
@pytest.mark.parametrize(("theme", "size"), [("light", DESKTOP), ("dark", PHONE)], ids=["desktop", "phone"])
def test_the_inbox_is_accessible_and_fits_its_width(browser, service, corner, language, theme, size):
    look = {"color_scheme": theme, "viewport": size, "reduced_motion": "reduce"}
    owner = open_page(browser, service.url, storage_state=corner, **look)
    owner.page.add_init_script(AXE)
    owner.open("today")
    empty(owner)
    card = owner.card(owner.programme())
    owner.ask("PUT", f"/cards/{card['code']}/customer", {"name": "Kim", "email": "kim@example.com"})
    first = fact(card, order_ref="R1")
    again = first | {"id": fact(card)["id"]}
    send(browser, owner, fact(NO_CARD), {"id": 7}, first, again, fact(card, "redeem"))
    owner.page.evaluate("(code) => localStorage.setItem('tenth.console.language', code)", language)
    owner.open("set-aside")
    expect(owner.page.locator("html")).to_have_attribute("lang", language)

    check(owner.page, "the inbox")
    for place in range(owner.page.locator(".screen .row.tight .button").count()):
        owner.page.locator(".screen .row.tight .button").nth(place).click()
        expect(owner.dialog()).to_be_visible()
        check(owner.page, f"dialog {place}")
        owner.page.keyboard.press("Escape")
    owner.page.locator(".tabs button").nth(1).click()
    expect(owner.page.locator(".tabs button").nth(1)).to_have_attribute("aria-current", "true")
    check(owner.page, "settled")
    assert owner.trouble == []
    owner.page.context.close()
