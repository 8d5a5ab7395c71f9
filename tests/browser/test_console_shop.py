"""The owner at the shop, in a real browser: staff, printing, the business, its tills, and other software."""

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import expect

from tests.browser.at_the_console import pair, stamp_claim


def test_staff_are_added_and_switched_off(owner):
    owner.open("staff")
    page = owner.page
    page.get_by_role("button", name="Add a person").click()
    owner.dialog().get_by_label("Name").fill("Basia")
    owner.dialog().get_by_label("PIN").fill("4711")
    owner.dialog().get_by_role("button", name="Save").click()
    line = page.locator("li", has_text="Basia")
    expect(line).to_be_visible()

    line.get_by_role("button", name="Switch off").click()
    owner.dialog().get_by_role("button", name="Switch off").click()
    expect(line.get_by_text("switched off", exact=True)).to_be_visible()
    line.get_by_role("button", name="Switch on").click()

    expect(line.get_by_role("button", name="Switch off")).to_be_visible()
    assert [(one["name"], one["active"]) for one in owner.get("/staff")["items"]] == [("Basia", True)]


def test_poster_and_sheets_come_as_pdf_files(owner):
    owner.open("print")
    page = owner.page
    with page.expect_download() as poster:
        page.get_by_role("button", name="Get the poster").click()
    page.get_by_label("How many cards").fill("3")
    with page.expect_download() as sheet:
        page.get_by_role("button", name="Make 3 cards").click()

    assert Path(poster.value.path()).read_bytes().startswith(b"%PDF-")
    assert Path(sheet.value.path()).read_bytes().startswith(b"%PDF-")
    assert (poster.value.suggested_filename, sheet.value.suggested_filename) == ("poster-a4.pdf", "cards-3.pdf")
    expect(page.get_by_text("3 new cards made.")).to_be_visible()


def test_a_logo_is_put_on_and_taken_off(owner):
    owner.open("business")
    page = owner.page
    picture = io.BytesIO()
    Image.new("RGB", (64, 64), "tomato").save(picture, "PNG")
    chooser = page.locator("input[type=file]")

    chooser.set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": b"not a picture"})
    expect(page.get_by_role("alert")).to_be_visible()
    chooser.set_input_files({"name": "logo.png", "mimeType": "image/png", "buffer": picture.getvalue()})

    expect(page.locator(".logo-preview img")).to_be_visible()
    assert (
        page.locator(".brand img").evaluate("async (image) => { await image.decode(); return image.naturalWidth; }") > 0
    )
    page.get_by_role("button", name="Remove").click()
    expect(page.locator(".logo-preview img")).to_have_count(0)


def test_the_business_is_changed_and_an_unsaved_change_is_guarded(owner):
    owner.open("business")
    page = owner.page
    page.get_by_label("Name of the business").fill("Corner & Co")
    page.get_by_label("Tills lock themselves after").select_option(label="5 minutes")
    page.get_by_role("link", name="Print").click()
    owner.dialog().get_by_role("button", name="Stay here").click()

    page.locator("form").filter(has_text="Name of the business").get_by_role("button", name="Save").click()

    expect(page.locator(".brand")).to_have_text("Corner & Co")
    business = owner.get("/business")
    assert (business["name"], business["lock_after_seconds"]) == ("Corner & Co", 300)


def test_a_till_is_cut_off_and_what_it_still_sends_is_set_aside(owner, browser):
    card = owner.card(owner.programme(cooldown_seconds=3600))
    device = pair(browser, owner.url, owner.code_for("Old tablet"))
    facts = [stamp_claim(card, quantity=1, already_happened=True) for _ in range(3)]
    device.post("/sync", {"sent_at": facts[0]["happened_at"], "events": facts[:2]})
    owner.open("tills")
    page = owner.page

    page.get_by_role("button", name="Cut off Old tablet").click()
    owner.dialog().get_by_role("button", name="Cut off").click()
    expect(page.get_by_text("Old tablet is cut off.")).to_be_visible()
    expect(page.get_by_text("till that was cut off")).to_be_visible()
    device.post("/sync", {"sent_at": facts[2]["happened_at"], "events": facts[2:]})
    device.page.context.close()

    owner.open("set-aside")
    kept, flagged = page.locator("main .panel").nth(0), page.locator("main .panel").nth(1)
    expect(kept).to_contain_text("This till is no longer connected.")
    expect(kept).to_contain_text("Old tablet in Market Street")
    expect(flagged).to_contain_text("soon after the last stamp")
    flagged.get_by_role("link", name=card["short_code"]).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(card["short_code"])


def test_a_shop_is_added_and_renamed(owner):
    owner.open("tills")
    page = owner.page
    page.get_by_role("button", name="Add a shop").click()
    owner.dialog().get_by_label("Name of the shop").fill("Station")
    owner.dialog().get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Rename Station").click()
    owner.dialog().get_by_label("Name of the shop").fill("Central Station")
    owner.dialog().get_by_role("button", name="Save").click()

    expect(page.get_by_role("heading", name="Central Station")).to_be_visible()


def test_a_key_is_shown_once_and_works_until_it_is_removed(owner):
    owner.open("connections")
    page = owner.page
    page.get_by_role("button", name="Add a key").click()
    owner.dialog().get_by_label("Name").fill("Till software")
    owner.dialog().get_by_role("button", name="Add").click()
    key = owner.dialog().get_by_label("Add a key").input_value()
    owner.dialog().get_by_role("button", name="Done").click()
    assert owner.ask("GET", "/programmes", key=key)["status"] == 200
    expect(page.get_by_text(key)).to_have_count(0)

    page.get_by_role("button", name="Remove Till software").click()
    owner.dialog().get_by_role("button", name="Remove").click()

    expect(page.get_by_text("Till software no longer gets in.")).to_be_visible()
    assert owner.ask("GET", "/programmes", key=key)["status"] == 401


def test_a_notice_address_is_added_paused_and_removed(owner):
    owner.open("connections")
    page = owner.page
    page.get_by_role("button", name="Add an address").click()
    owner.dialog().get_by_label("Address").fill("https://hooks.example/tenth")
    owner.dialog().get_by_role("button", name="Add").click()
    expect(owner.dialog().get_by_text("Copy the secret now")).to_be_visible()
    owner.dialog().get_by_role("button", name="Done").click()

    page.get_by_role("link", name="https://hooks.example/tenth").click()
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("paused by you")).to_be_visible()
    page.get_by_role("button", name="Remove").click()
    owner.dialog().get_by_role("button", name="Remove").click()

    expect(page.get_by_text("Nobody is told yet.")).to_be_visible()
