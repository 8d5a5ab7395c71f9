"""At the counter, in a real browser against the real service: pair, sign on, scan, stamp, hand over, undo."""

import io

import pytest
import qrcode
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from tests.browser import chromium
from tests.browser.at_the_till import PIN, Till, change_terms, open_shop, pairing_code


@pytest.fixture(scope="module")
def owner(service):
    return open_shop(service)


def test_a_new_till_starts_with_the_owners_code_which_works_once(browser, service, owner):
    code = pairing_code(owner)
    first, second = Till(browser, service, owner), Till(browser, service, owner)
    for till in (first, second):
        till.page.goto(f"{service.url}/kiosk/")
        till.page.get_by_label("Pairing code").fill(code.lower())
        till.tap("Start this till")

    expect(first.page.get_by_role("heading", name="Hello, Ola")).to_be_visible()
    expect(second.page.get_by_role("alert").filter(has_text="used already")).to_be_visible()
    first.close()
    second.close()


def test_only_the_right_pin_opens_the_till_also_from_the_keyboard(browser, service, owner):
    till = Till(browser, service, owner)
    till.page.goto(f"{service.url}/kiosk/")
    till.pair()

    expect(till.page.get_by_role("heading", name="Hello, Ola")).to_be_visible()
    till.page.keyboard.type("1111")
    till.page.keyboard.press("Enter")
    expect(till.page.get_by_role("alert")).to_contain_text("Wrong PIN")
    till.page.keyboard.type(PIN)
    till.page.keyboard.press("Enter")

    expect(till.page.get_by_role("heading", name="Ready for the next card")).to_be_visible()
    till.close()


def test_a_card_before_a_real_camera_is_read_and_one_tap_stamps_it(browser, service, owner, till, tmp_path):
    card = till.card(stamps=4)
    frame = Image.new("RGB", (1280, 720), (96, 92, 88))
    drawn = qrcode.make(card["url"].upper(), box_size=9).convert("RGB")
    frame.paste(drawn.rotate(12, expand=True, fillcolor="white"), (430, 130))
    frame.save(tmp_path / "film.jpg", quality=85)
    film = (tmp_path / "film.jpg").rename(tmp_path / "film.mjpeg")  # one frame, played for ever
    seeing = browser.browser_type.launch(
        executable_path=chromium.find(),
        args=["--no-sandbox", "--disable-gpu", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
              f"--use-file-for-fake-video-capture={film}"],
    )  # fmt: skip
    counter = Till(seeing, service, owner, drawn_camera=False)
    counter.open()

    expect(counter.page.locator(".count")).to_have_text("4 of 10")
    counter.stamp()

    expect(counter.done).to_contain_text("Stamp 5 of 10")
    assert till.face(card)["stamps"] == 5
    seeing.close()


def test_a_card_in_view_counts_once_until_it_has_left(till):
    card = till.card()
    till.choose("onScan", "stamp")

    till.hold(card)
    expect(till.done).to_contain_text("Stamp 1 of 10")
    till.page.wait_for_timeout(2500)  # still there
    assert till.face(card)["stamps"] == 1
    expect(till.done).to_be_visible()

    till.hold(None)
    till.page.wait_for_timeout(2200)
    till.hold(card)
    expect(till.page.get_by_role("heading", name="The same card again?")).to_be_visible()
    assert till.face(card)["stamps"] == 1
    till.stamp()
    expect(till.done).to_contain_text("Stamp 2 of 10")


def test_the_same_card_may_be_stamped_again_on_purpose(till):
    card = till.card()
    till.scan(card)
    till.stamp(2)

    till.page.get_by_role("button", name="Same card again").click()
    till.stamp()

    expect(till.done).to_contain_text("Stamp 3 of 10")
    assert till.face(card)["stamps"] == 3


def test_a_hand_scanner_is_read_by_the_place_of_its_keys_wherever_the_focus_is(till):
    card = till.card(stamps=2)
    field = till.page.get_by_label("Short code")
    field.fill("7K")

    till.scan(card)

    expect(till.page.locator(".count")).to_have_text("2 of 10")
    expect(field).to_have_value("")
    till.page.keyboard.press("3")
    expect(till.done).to_contain_text("3 stamps, up to 5 of 10")


def test_a_typed_short_code_opens_the_card_and_a_slip_is_told_at_once(till):
    card = till.card(stamps=3)
    short = card["short_code"].replace("-", "").lower()
    wrong = short[:-1] + ("2" if short[-1] != "2" else "3")

    till.page.get_by_label("Short code").fill(wrong)
    expect(till.page.get_by_role("alert").filter(has_text="slip in this code")).to_be_visible()
    till.page.get_by_label("Short code").fill(short)

    expect(till.page.locator(".count")).to_have_text("3 of 10")
    till.stamp()
    expect(till.done).to_contain_text("Stamp 4 of 10")


def test_more_than_six_at_once_as_far_as_the_owner_allows(browser, service):
    big = open_shop(service)
    change_terms(big, max_per_visit=9)
    counter = Till(browser, service, big)
    counter.open()
    card = counter.card()

    counter.scan(card)
    counter.tap("More")
    counter.stamp(9)

    expect(counter.done).to_contain_text("9 stamps, up to 9 of 10")
    counter.close()


def test_the_last_thing_done_is_undone_with_one_tap(till):
    card = till.card(stamps=5)
    till.scan(card)
    till.stamp(2)
    expect(till.done).to_contain_text("up to 7 of 10")

    till.page.get_by_role("button", name="Undo 2 stamps").click()

    expect(till.done).to_contain_text("Undone")
    expect(till.page.locator(".count")).to_have_text("5 of 10")
    assert till.face(card)["stamps"] == 5


def test_a_full_card_turns_the_screen_to_the_reward_which_is_handed_over(till):
    card = till.card(stamps=9)
    till.scan(card)
    till.stamp(2)

    expect(till.page.get_by_text("Card full!")).to_be_visible()
    till.tap("Hand it over now")

    expect(till.page.get_by_role("heading", name="Hand it over: a free sandwich")).to_be_visible()
    now = till.face(card)
    assert (now["stamps"], now["rewards_ready"]) == (1, 0)
    till.page.get_by_role("button", name="Undo the reward").click()
    expect(till.done).to_contain_text("Undone")
    assert till.face(card)["rewards_ready"] == 1


def test_a_reward_saved_for_later_waits_on_the_card_and_never_blocks_stamps(till):
    card = till.card(stamps=9)
    till.scan(card)
    till.stamp()
    till.tap("Save it for later")
    expect(till.page.get_by_text("The reward is kept on the card.")).to_be_visible()
    till.tap("Close")

    till.scan(card)
    expect(till.page.get_by_role("button", name="Hand it over now")).to_be_visible()
    till.stamp(2)
    expect(till.done).to_contain_text("2 stamps, up to 2 of 10")

    now = till.face(card)
    assert (now["stamps"], now["rewards_ready"]) == (2, 1)


def test_a_refusal_says_why_and_a_reason_overrides_it(browser, service):
    strict = open_shop(service)
    change_terms(strict, cooldown_seconds=600)
    till = Till(browser, service, strict)
    till.open()
    card = till.card()
    till.scan(card)
    till.stamp()
    till.page.get_by_role("button", name="Same card again").click()

    till.stamp()
    expect(till.page.get_by_role("alert").filter(has_text="Stamped a moment ago")).to_be_visible()
    assert till.face(card)["stamps"] == 1
    till.tap("Stamp anyway")
    till.tap("Paid for friends")

    expect(till.done).to_contain_text("Stamp 2 of 10")
    expect(till.done).to_contain_text("The owner will see a note")
    assert till.face(card)["stamps"] == 2
    till.close()


def test_a_card_nobody_knows_is_told_and_a_new_one_offered(till):
    till.scan({"url": f"{till.service.url}/c/ZZZZZZZZZZZZZZZZZ1"})
    expect(till.page.get_by_role("heading", name="Unknown card")).to_be_visible()

    till.page.get_by_role("alert").get_by_role("button", name="New card").click()

    expect(till.page.get_by_role("heading", name="The card is ready")).to_be_visible()


def test_with_several_programmes_the_cashier_chooses_the_new_cards(browser, service):
    wide = open_shop(service)
    terms = wide.get("/programmes")["items"][0]["terms"]
    wide.post("/programmes", {"name": "Coffee card", "terms": terms | {"stamps_needed": 5, "reward": "a free coffee"}})
    till = Till(browser, service, wide)
    till.open()

    till.tap("New card")
    till.page.get_by_role("button", name="Coffee card After 5: a free coffee").click()
    till.stamp(2)

    expect(till.done).to_contain_text("up to 2 of 5")
    till.close()


def test_a_new_cards_code_on_the_screen_is_its_private_link(till):
    with till.page.expect_response("**/api/v1/cards") as making:
        till.tap("New card")
    made = making.value.json()
    code = till.page.get_by_role("img", name="The card is ready")
    expect(code.locator("path")).to_be_attached()

    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(code.screenshot())))

    assert [one.text for one in found] == [f"{made['card']['url']}#{made['key']}"]
    till.page.emulate_media(media="print")
    printed = zxingcpp.read_barcodes(Image.open(io.BytesIO(till.page.screenshot())))
    assert [one.text for one in printed] == [made["card"]["url"].upper()]
    till.page.emulate_media(media="screen")
    till.stamp(2)
    expect(till.done).to_contain_text("up to 2 of 10")


def test_a_lost_card_moves_to_a_new_one_and_the_old_code_dies(till):
    card = till.card(stamps=6, rewards=1)
    till.tap("Lost card")
    till.page.get_by_label("Short code of the old card").fill(card["short_code"])
    with till.page.expect_response("**/replacements") as moving:
        till.tap("Move to a new card")
    expect(till.page.get_by_role("heading", name="The card is ready")).to_be_visible()
    moved = till.face(moving.value.json()["card"])
    assert (moved["stamps"], moved["rewards_ready"]) == (6, 1)
    till.tap("Close")

    till.scan(card)

    expect(till.page.get_by_role("heading", name="This card was replaced")).to_be_visible()


def test_the_screen_locks_itself_and_a_reload_does_not_open_it(till):
    till.page.clock.install()
    till.page.reload()
    expect(till.page.get_by_role("button", name="New card")).to_be_visible()

    till.page.clock.run_for(130_000)
    expect(till.page.get_by_role("heading", name="Hello, Ola")).to_be_visible()
    till.page.reload()

    expect(till.page.get_by_role("heading", name="Hello, Ola")).to_be_visible()
    till.sign_on()


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_every_screen_of_the_till_is_accessible(browser, service, owner, colours):
    till = Till(browser, service, owner, color_scheme=colours)
    till.page.goto(f"{service.url}/kiosk/")
    expect(till.page.get_by_label("Pairing code")).to_be_visible()
    till.expect_accessible()
    till.pair()
    expect(till.page.locator(".keypad")).to_be_visible()
    till.expect_accessible()
    till.sign_on()
    till.expect_accessible()
    till.page.get_by_label("Short code").fill("7K4M9QXX")
    expect(till.page.get_by_role("alert").filter(has_text="slip")).to_be_visible()
    till.expect_accessible()

    till.scan(till.card(stamps=9, rewards=1))
    expect(till.page.locator(".count")).to_have_text("9 of 10")
    till.expect_accessible()
    till.stamp()
    expect(till.page.get_by_text("Card full!")).to_be_visible()
    till.expect_accessible()
    till.tap("Hand it over now")
    expect(till.page.get_by_role("heading", name="Hand it over:")).to_be_visible()
    till.expect_accessible()
    till.scan({"url": f"{service.url}/c/ZZZZZZZZZZZZZZZZZ1"})
    expect(till.page.get_by_role("heading", name="Unknown card")).to_be_visible()
    till.expect_accessible()
    till.tap("Lost card")
    till.expect_accessible()
    till.page.get_by_role("button", name="New card").first.click()
    expect(till.page.get_by_role("heading", name="The card is ready")).to_be_visible()
    till.expect_accessible()
    till.tap("Settings")
    expect(till.page.get_by_role("dialog")).to_be_visible()
    till.expect_accessible()
    till.close()


def test_a_second_window_on_the_same_till_waits(till):
    other = till.context.new_page()
    other.goto(f"{till.service.url}/kiosk/")

    expect(other.get_by_text("already open in another window")).to_be_visible()
