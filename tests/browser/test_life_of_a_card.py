"""The life of a card: joined on a phone, scanned nine times, the tenth free, and a promise kept when it changes."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import chromium
from tests.browser.conftest import FLAGS, PASSWORD, Service
from tests.browser.fake_camera import film


@pytest.fixture
def camera_film(tmp_path: Path) -> Path:
    """The film the till's camera plays."""
    return tmp_path / "camera.mjpeg"


@pytest.fixture
def browser(camera_film: Path, browser: Browser) -> Iterator[Browser]:
    """A Chromium of its own, whose camera plays the film. (Playwright runs once, so it is borrowed from the other.)"""
    film(camera_film, "NOT A CARD")
    launched = browser.browser_type.launch(
        executable_path=chromium.find(),
        headless=True,
        args=[*FLAGS, f"--use-file-for-fake-video-capture={camera_film}"],
    )
    yield launched
    launched.close()


def test_the_life_of_a_card(service: Service, browser: Browser, camera_film: Path) -> None:
    owner = service.set_up(stamps_needed=10)
    shop = owner.get("/shops")["items"][0]
    pairing = owner.post(f"/shops/{shop['id']}/pairing-codes", {"till_name": "Till 2"})["code"]

    # On the phone: the poster's address, one tap, and there is a card. No name was asked.
    phone = browser.new_context(viewport={"width": 390, "height": 844}, locale="pl-PL", color_scheme="dark").new_page()
    phone.goto(f"{service.url}/join/{shop['join_code']}")
    _picture(phone, "1-join")
    phone.get_by_role("main").get_by_role("button").click()
    expect(phone).to_have_url(re.compile("/c/"))
    expect(_holes(phone, 0, 10)).to_be_visible()
    code = phone.url.split("/c/")[1].split("#")[0]
    film(camera_film, f"{service.url}/C/{code}".upper())

    # At the counter: nine visits, each a scan by the camera and one tap; the phone shows each punch by itself.
    till = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB").new_page()
    till.goto(f"{service.url}/kiosk/")
    till.get_by_role("textbox").fill(pairing)
    till.keyboard.press("Enter")
    for visit in range(1, 10):
        question = "How many stamps?" if visit == 1 else re.compile("The same card again")
        expect(till.get_by_role("heading", name=question)).to_be_visible(timeout=20_000)
        till.get_by_role("button", name="1 stamp", exact=True).click()
        expect(till.get_by_role("img", name=f"{visit} of 10 stamps")).to_be_visible()
        expect(_holes(phone, visit, 10)).to_be_visible()
    _picture(phone, "2-nine")
    _picture(till, "3-nine-at-the-till")

    # The tenth: the screen turns to the reward; it is handed over.
    expect(till.get_by_role("heading", name=re.compile("The same card again"))).to_be_visible(timeout=20_000)
    till.get_by_role("button", name="1 stamp", exact=True).click()
    expect(till.get_by_role("heading", name="a free sandwich")).to_be_visible()
    expect(phone.get_by_role("heading", name="1 nagroda czeka")).to_be_visible()
    _picture(till, "4-full")
    _picture(phone, "5-full-on-the-phone")
    till.get_by_role("button", name="Hand it over now").click()
    expect(phone.get_by_role("heading", name="1 nagroda czeka")).to_be_hidden()
    expect(_holes(phone, 0, 10)).to_be_visible()

    # Three more stamps towards the next; then the owner lowers the goal from ten to eight, with open eyes.
    expect(till.get_by_role("group", name=re.compile("The same card again"))).to_be_visible(timeout=20_000)
    till.get_by_role("button", name="3 stamps").click()
    expect(_holes(phone, 3, 10)).to_be_visible()
    console = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB").new_page()
    _sign_in(console, service, owner.get("/session")["owner"]["email"])
    console.get_by_role("link", name="Programme").click()
    console.get_by_role("link", name="Change", exact=True).click()
    console.get_by_label("How many stamps").fill("8")
    expect(console.get_by_role("term").filter(has_text="card gets another goal")).to_be_visible()
    _picture(console, "6-what-it-does")
    console.get_by_role("button", name="Put it into force").click()

    # The promise is kept: nobody is further from the reward than before, and the phone says so.
    expect(_holes(phone, 3, 8)).to_be_visible(timeout=10_000)
    _picture(phone, "7-promise")
    assert "every one is what its events add up to" in service.flask("verify")


def _sign_in(page: Page, service: Service, email: str) -> None:
    page.goto(f"{service.url}/console/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Today")).to_be_visible()


def _holes(phone: Page, stamps: int, needed: int) -> Locator:
    """The punch card on the Polish phone, so full."""
    return phone.get_by_role("img", name=f"{stamps} z {needed} pieczątek", exact=True)


def _picture(page: Page, name: str) -> None:
    """A picture of the moment, for whoever wants to look: PICTURES=folder."""
    folder = os.environ.get("PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
