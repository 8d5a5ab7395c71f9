"""The owner's console in a real browser against the real service: from the set-up link to a threshold moved."""

import io
import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from api.ids import id_text, new_id

ROOT = Path(__file__).resolve().parents[2]
AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
# A colour that is still changing is not judged.
SETTLED = "() => Promise.all(document.getAnimations().filter(one => one.effect.getComputedTiming().endTime < Infinity)"
SETTLED += ".map(one => one.finished.catch(() => null)))"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EMAIL = "ala@corner.example"
PASSWORD = "nine sandwiches and a tenth"
expect.set_options(timeout=15_000)  # the machine may be busy with other things
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
# What the service may answer in these tests without anything being broken: a browser logs each as an error.
EXPECTED = re.compile(r"Failed to load resource: the server responded with a status of (401|403|404|409|422)")


@dataclass
class Owner:
    """An owner in front of the console, who can also ask the service directly."""

    page: Page
    url: str
    trouble: list[str]

    def open(self, place: str) -> None:
        """Go to a screen and wait until it has said its title."""
        self.page.goto("about:blank")  # else an address that is open already would not be loaded anew
        self.page.goto(f"{self.url}/console/#/{place}")
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()
        expect(self.page.locator(".waiting")).to_have_count(0)

    def ask(self, method: str, path: str, body: object = None, *, key: str | None = None) -> dict:
        """The service's answer to a request of this owner (or of whoever holds the key)."""
        return self.page.evaluate(
            """async ([method, path, body, key]) => {
                const csrf = document.cookie.match(/__Host-(?:owner|till)-csrf=([^;]+)/)?.[1] ?? "";
                const headers = { "X-CSRF-Token": decodeURIComponent(csrf) };
                if (body !== null) headers["Content-Type"] = "application/json";
                if (key) headers.Authorization = `Bearer ${key}`;
                const credentials = key ? "omit" : "same-origin";
                const content = body === null ? undefined : JSON.stringify(body);
                const answer = await fetch(`/api/v1${path}`, { method, headers, credentials, body: content });
                return { status: answer.status, body: answer.status === 204 ? null : await answer.json() };
            }""",
            [method, path, body, key],
        )

    def get(self, path: str) -> dict:
        answer = self.ask("GET", path)
        assert answer["status"] == 200, answer
        return answer["body"]

    def post(self, path: str, body: object) -> dict:
        answer = self.ask("POST", path, body)
        assert answer["status"] in (200, 201), answer
        return answer["body"]

    def programme(self, **terms: object) -> dict:
        """A programme of its own, so that a test is alone with its cards."""
        usual = {"stamps_needed": 10, "reward": "a free sandwich", "unit_cost": 250, "unit_price": 690}
        return self.post("/programmes", {"name": f"Card {uuid.uuid4().hex[:6]}", "terms": usual | terms})

    def card(self, programme: dict, *, stamps: int = 0, rewards: int = 0) -> dict:
        """A card with figures on it."""
        card = self.post("/cards", {"programme": programme["id"]})["card"]
        if stamps or rewards:
            figures = {"stamps": stamps, "rewards": rewards, "reason": "as it was on paper"}
            self.post(f"/cards/{card['code']}/adjustments", figures)
        return card

    def face(self, card: dict) -> dict:
        """Where the card stands."""
        return self.get(f"/cards/{card['code']}")

    def stamp(self, card: dict, quantity: int = 1) -> None:
        """Other software of the business stamps the card."""
        key = self.post("/api-keys", {"name": "Web shop"})
        answer = self.ask("POST", "/events", stamp_claim(card, quantity=quantity), key=key["key"])
        assert answer["status"] == 200, answer
        self.ask("DELETE", f"/api-keys/{key['id']}")

    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")


def stamp_claim(card: dict, **values: object) -> dict:
    """What a till or other software says when it stamps."""
    happened_at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"id": id_text(new_id()), "kind": "stamp", "card": card["code"], "happened_at": happened_at} | values


def open_page(browser: Browser, url: str, **options: object) -> Owner:
    """A browser window of its own; whatever breaks in it is noted."""
    context = browser.new_context(**{"viewport": DESKTOP, "locale": "en-GB", "timezone_id": "Europe/Warsaw"} | options)
    page = context.new_page()
    page.set_default_timeout(15_000)
    owner = Owner(page, url, [])
    page.on("pageerror", lambda error: owner.trouble.append(str(error)))

    def heard(message) -> None:
        if message.type in ("error", "warning") and not EXPECTED.match(message.text):
            owner.trouble.append(message.text)

    page.on("console", heard)
    return owner


@pytest.fixture(scope="module")
def corner(service) -> dict:
    """A business that is set up already, as the cookies of its owner's browser."""
    owner = service.set_up(owner={"name": "Ala Nowak", "email": EMAIL, "password": PASSWORD})
    usual = {"domain": "localhost", "path": "/", "secure": True, "sameSite": "Strict", "expires": -1}
    cookies = [{"name": name, "value": value, "httpOnly": False} | usual for name, value in owner.cookies.items()]
    return {"cookies": cookies, "origins": []}


@pytest.fixture
def owner(browser, service, corner):
    """The owner of Corner, signed in."""
    owner = open_page(browser, service.url, storage_state=corner)
    owner.open("today")
    yield owner
    assert owner.trouble == []
    owner.page.context.close()


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
    device = open_page(browser, service.url)
    device.page.goto(f"{service.url}/console/")
    assert device.ask("POST", "/pairings", {"code": code})["status"] == 201
    device.page.context.close()

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


def test_a_wrong_password_is_refused_and_the_right_one_opens_the_screen_asked_for(visitor, corner):
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


def test_a_lower_threshold_shows_what_it_does_before_it_does_it(owner):
    programme = owner.programme(stamps_needed=10)
    nine, three = owner.card(programme, stamps=9), owner.card(programme, stamps=3)
    owner.open(f"programmes/{programme['id']}")
    page = owner.page

    page.get_by_label("How many stamps").fill("8")

    shown = page.locator(".effects > div")
    expect(shown.nth(0)).to_have_text("cards get another goal2")
    expect(shown.nth(1)).to_have_text("card becomes full at once1")
    expect(shown.nth(2)).to_have_text("is what 1 reward at once costs you€2.50")
    expect(page.get_by_role("row", name="9 10 8 1 1")).to_be_visible()
    assert owner.face(nine)["rewards_ready"] == 0

    page.get_by_label("Note (if you like)").fill("Spring")
    page.get_by_role("button", name="Put it into force").click()

    expect(page.get_by_text("The new terms are in force.")).to_be_visible()
    expect(page.locator(".version").first).to_contain_text("Every 8 stamps earn a free sandwich.")
    expect(page.locator(".version").first).to_contain_text("Spring")
    assert (owner.face(nine)["stamps"], owner.face(nine)["rewards_ready"]) == (1, 1)
    assert owner.face(three)["needed"] == 8


def test_finishing_the_round_first_leaves_the_cards_on_their_way_alone(owner):
    programme = owner.programme(stamps_needed=10)
    nine = owner.card(programme, stamps=9)
    owner.open(f"programmes/{programme['id']}")
    page = owner.page
    page.get_by_label("How many stamps").fill("8")
    expect(page.locator(".effects > div").nth(1)).to_contain_text("1")

    page.get_by_role("radio", name="Finish the round first").check()

    expect(page.locator(".effects > div").nth(1)).to_have_text("cards become full at once0")
    page.get_by_role("button", name="Put it into force").click()
    expect(page.get_by_text("The new terms are in force.")).to_be_visible()
    owner.open(f"cards/{nine['code']}")
    expect(page.get_by_text("This round stays at 10, as promised. The next one takes 8 stamps.")).to_be_visible()


def test_terms_that_cannot_be_promised_are_marked_at_their_field_and_not_saved(owner):
    programme = owner.programme(stamps_needed=10)
    owner.open(f"programmes/{programme['id']}")
    page = owner.page

    page.get_by_label("Stamps to start with").fill("10")

    expect(page.get_by_label("Stamps to start with")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("button", name="Put it into force")).to_be_disabled()
    assert owner.get("/programmes")["items"][-1]["version"] == 1


def test_leaving_with_changed_terms_asks_first(owner):
    programme = owner.programme()
    owner.open(f"programmes/{programme['id']}")
    page = owner.page
    page.get_by_label("Most stamps in one visit").fill("3")

    page.get_by_role("link", name="Staff").click()
    owner.dialog().get_by_role("button", name="Stay here").click()
    expect(page.get_by_label("Most stamps in one visit")).to_have_value("3")
    page.get_by_role("link", name="Staff").click()
    owner.dialog().get_by_role("button", name="Leave it").click()

    expect(page.get_by_role("heading", name="Staff", level=1)).to_be_visible()
    owner.open(f"programmes/{programme['id']}")
    expect(page.get_by_label("Most stamps in one visit")).to_have_value("6")


def test_a_programme_is_added_renamed_ended_and_opened_again(owner):
    owner.open("programmes")
    page = owner.page
    page.get_by_role("link", name="Add a programme").click()
    page.get_by_label("Name of the programme").fill("Coffee card")
    page.get_by_label("What is free").fill("a free coffee")
    page.get_by_label("It costs you (EUR)").fill("0,60")
    page.get_by_label("Pause between two visits").select_option(label="5 minutes")
    page.get_by_role("button", name="Start it").click()
    expect(page.get_by_role("heading", name="Coffee card")).to_be_visible()

    page.get_by_role("button", name="Rename").click()
    owner.dialog().get_by_label("Name of the programme").fill("Espresso card")
    owner.dialog().get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Espresso card")).to_be_visible()
    page.get_by_role("button", name="End it").click()
    owner.dialog().get_by_role("button", name="End it").click()
    expect(page.get_by_text("This programme has ended")).to_be_visible()
    page.get_by_role("button", name="Open it again").click()
    expect(page.get_by_role("button", name="End it")).to_be_visible()

    terms = owner.get("/programmes")["items"][-1]["terms"]
    assert (terms["unit_cost"], terms["cooldown_seconds"], terms["reward"]) == (60, 300, "a free coffee")


def test_a_line_is_undone_with_a_reason(owner):
    card = owner.card(owner.programme())
    owner.stamp(card, quantity=3)
    owner.open(f"cards/{card['code']}")
    page = owner.page
    expect(page.get_by_role("img", name="3 of 10 stamps")).to_be_visible()

    page.get_by_role("button", name="Undo").click()
    owner.dialog().get_by_label("Reason").fill("Wrong customer")
    owner.dialog().get_by_role("button", name="Undo it").click()

    expect(page.get_by_role("img", name="0 of 10 stamps")).to_be_visible()
    expect(page.locator(".history > li").first).to_contain_text("Wrong customer")
    expect(page.locator(".history > li").nth(1)).to_contain_text("undone")
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    assert owner.face(card)["stamps"] == 0


def test_figures_are_put_right_with_a_reason_and_never_below_zero(owner):
    card = owner.card(owner.programme(), stamps=2)
    owner.open(f"cards/{card['code']}")
    page = owner.page
    page.get_by_role("button", name="Put figures right").click()
    owner.dialog().get_by_label("Stamps", exact=True).fill("-5")
    owner.dialog().get_by_label("Reason").fill("Counted twice")
    owner.dialog().get_by_role("button", name="Put it right").click()
    expect(owner.dialog().get_by_role("alert")).to_contain_text("fewer")

    owner.dialog().get_by_label("Stamps", exact=True).fill("0")
    owner.dialog().get_by_role("button", name="Stamps: one less").click()
    owner.dialog().get_by_role("button", name="Put it right").click()

    expect(page.get_by_role("img", name="1 of 10 stamps")).to_be_visible()
    expect(page.locator(".history > li").first).to_contain_text("Counted twice")
    assert owner.face(card)["stamps"] == 1


def test_a_lost_card_moves_to_a_new_one(owner):
    card = owner.card(owner.programme(), stamps=4, rewards=1)
    owner.open(f"cards/{card['code']}")
    page = owner.page

    page.get_by_role("button", name="Card was lost").click()
    owner.dialog().get_by_role("button", name="Make the new card").click()
    link = owner.dialog().get_by_label("Private link of the new card").input_value()
    expect(owner.dialog().get_by_role("img", name="QR code of the new card's private link")).to_be_visible()
    owner.dialog().get_by_role("link", name="Go to the new card").click()

    expect(page.get_by_role("img", name="4 of 10 stamps")).to_be_visible()
    expect(page.get_by_text("1 reward waiting").first).to_be_visible()
    address, key = link.split("#")
    assert card["code"] not in address
    new_code = address.rsplit("/", 1)[1]
    assert owner.ask("GET", f"/cards/{new_code}/events", key=key)["status"] == 200


def test_a_card_is_found_by_its_code_and_by_the_name_its_customer_left(owner):
    programme = owner.programme()
    card, other = owner.card(programme), owner.card(programme)
    owner.open(f"cards/{card['code']}")
    page = owner.page
    page.get_by_role("button", name="Add a name").click()
    owner.dialog().get_by_label("Name").fill("Zofia Unikat")
    owner.dialog().get_by_role("checkbox", name="Wants news and offers").check()
    owner.dialog().get_by_role("button", name="Save").click()
    expect(page.get_by_text("Zofia Unikat")).to_be_visible()

    owner.open("cards")
    page.get_by_label("Find a card").fill("unikat")
    expect(page.locator(".card-list > li")).to_have_count(1)
    expect(page.locator(".card-list > li")).to_contain_text(card["short_code"])
    page.get_by_label("Find a card").fill(other["short_code"].lower())
    expect(page.locator(".card-list > li")).to_have_count(1)
    expect(page.locator(".card-list > li")).to_contain_text(other["short_code"])
    page.get_by_label("Find a card").fill("nobody of this name")
    expect(page.get_by_text("No card fits this search.")).to_be_visible()

    owner.open(f"cards/{card['code']}")
    page.get_by_role("button", name="Forget this person").click()
    owner.dialog().get_by_role("button", name="Forget this person").click()
    expect(page.get_by_text("Nobody has left a name.")).to_be_visible()
    assert owner.ask("GET", f"/cards/{card['code']}/customer")["status"] == 404


def test_a_long_list_of_cards_is_shown_page_by_page(owner):
    programme = owner.programme()
    cards = [owner.card(programme) for _ in range(53)]
    owner.open(f"cards?programme={programme['id']}")
    page = owner.page
    expect(page.locator(".card-list > li")).to_have_count(50)

    page.get_by_role("button", name="Show more").click()

    expect(page.locator(".card-list > li")).to_have_count(len(cards))
    expect(page.get_by_role("button", name="Show more")).to_have_count(0)


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

    page.get_by_role("button", name="Save").click()

    expect(page.locator(".brand")).to_have_text("Corner & Co")
    business = owner.get("/business")
    assert (business["name"], business["lock_after_seconds"]) == ("Corner & Co", 300)


def test_a_till_is_cut_off_and_what_it_still_sends_is_set_aside(owner, browser):
    shop, card = owner.get("/shops")["items"][0], owner.card(owner.programme(cooldown_seconds=3600))
    code = owner.post(f"/shops/{shop['id']}/pairing-codes", {"till_name": "Old tablet"})["code"]
    device = open_page(browser, owner.url)
    device.page.goto(f"{owner.url}/console/")
    assert device.ask("POST", "/pairings", {"code": code})["status"] == 201
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


def check(page: Page, where: str) -> None:
    """Nothing axe objects to, and nothing wider than the screen."""
    expect(page.locator(".waiting")).to_have_count(0)
    page.evaluate(SETTLED)
    found = page.evaluate("(rules) => axe.run(document, { runOnly: rules })", RULES)["violations"]
    assert [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found] == [], where
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, where
