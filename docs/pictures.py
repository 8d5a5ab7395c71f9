"""Takes the README's pictures from the real pages, in the demo's café, into docs/pictures: run `make pictures`."""

import io
import re
import tempfile
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import Request, urlopen

import pypdfium2
from PIL import Image, ImageDraw, ImageOps
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser import chromium
from tests.browser.conftest import FLAGS, Owner, Service

PICTURES = Path(__file__).parent / "pictures"
# What the poster says; the pages are opened where they are served.
PUBLIC_URL = "https://cards.example.com"
TABLET = {"width": 1180, "height": 820}
DESKTOP = {"width": 1280, "height": 1000}
PHONE = {"width": 390, "height": 800}
# What somebody has done on the way to the picture: days ago, hour, stamps.
VISITS = ((16, 8, 1), (12, 12, 2), (9, 8, 1), (2, 8, 1))

# The kiosk's own till and proof send what happened on those days, as after a week without a network.
SYNC = """async (body) => {
  const proof = document.cookie.match(/__Host-till-csrf=([^;]*)/)[1];
  const headers = { "Content-Type": "application/json", "X-CSRF-Token": proof };
  const answer = await fetch("/api/v1/sync", { method: "POST", headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(await answer.text());
}"""


@dataclass(frozen=True, slots=True)
class Cafe:
    """The demo's café, served: its owner signed in, and a browser whose camera plays a film."""

    service: Service
    owner: Owner
    email: str
    password: str
    pin: str
    browser: Browser
    film: Path


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="tenth-pictures-") as folder, sync_playwright() as playwright:
        film = Path(folder) / "camera.mjpeg"
        flags = [*FLAGS, f"--use-file-for-fake-video-capture={film}"]
        service = Service(Path(folder))
        service.environment["TENTH_PUBLIC_URL"] = PUBLIC_URL
        said = service.flask("demo")
        email, password, pin = re.search(r"as (\S+) with the password (\S+)\s+Every PIN is (\d+)", said).groups()
        service.start()
        try:
            owner = Owner(service.url)
            owner.post("/sessions", {"email": email, "password": password})
            browser = playwright.chromium.launch(executable_path=chromium.find(), args=flags)
            take(Cafe(service, owner, email, password, pin, browser, film))
            browser.close()
        finally:
            service.stop()


def take(cafe: Cafe) -> None:
    """All pictures, in the order things happen in a shop."""
    url = cafe.service.url
    shop = cafe.owner.get("/shops")["items"][0]
    save("poster", poster(cafe.owner, shop["id"]))

    bright = cafe.browser.new_context(viewport=PHONE, locale="en-GB", color_scheme="light")
    phone = bright.new_page()
    code = join(phone, shop["join_url"].replace(PUBLIC_URL, url))
    hold(cafe.film, None)
    till = open_till(cafe, shop["id"])
    till.evaluate(SYNC, {"sent_at": moment(datetime.now(UTC)), "events": visits(code)})
    expect(phone.get_by_role("img", name="5 of ")).to_be_visible()
    phone.get_by_role("button", name="Show it big").click()
    hold(cafe.film, screen(phone))
    till.reload()
    expect(till.get_by_role("heading", name="How many stamps?")).to_be_visible(timeout=20_000)
    save("kiosk", screen(till))

    known = bright.storage_state()
    dark = cafe.browser.new_context(viewport=PHONE, locale="en-GB", color_scheme="dark", storage_state=known)
    by_night = dark.new_page()
    for page in (phone, by_night):
        page.goto(f"{url}/c/{code}")
        expect(page.get_by_role("img", name="5 of ")).to_be_visible()
    save("phone", side_by_side(screen(phone), screen(by_night)))

    save("console", screen(console(cafe)))


def join(phone: Page, join_url: str) -> str:
    """Take a card from the poster's address; returns its code."""
    phone.goto(join_url)
    phone.get_by_label("Sandwich card").check()
    phone.get_by_role("button", name="Get my card").click()
    phone.wait_for_url("**/c/*")
    return re.search(r"/c/(\w+)", phone.url)[1]


def open_till(cafe: Cafe, shop_id: str) -> Page:
    """A till, paired and signed on, looking through the camera."""
    till = cafe.browser.new_context(viewport=TABLET, locale="en-GB").new_page()
    till.goto(f"{cafe.service.url}/kiosk/")
    pairing = cafe.owner.post(f"/shops/{shop_id}/pairing-codes", {"till_name": "Till 3"})
    till.get_by_label("Pairing code").fill(pairing["code"])
    till.keyboard.press("Enter")
    till.get_by_role("button", name="Ola").click()
    till.keyboard.type(cafe.pin)
    till.keyboard.press("Enter")
    expect(till.get_by_role("button", name="New card")).to_be_visible()
    return till


def hold(film: Path, phone: Image.Image | None) -> None:
    """What the till's camera sees when it is next opened: the counter, perhaps with a phone held above it."""
    seen = Image.new("RGB", (1280, 720), "#8a7763")
    if phone is not None:
        edge = Image.new("L", phone.size)
        ImageDraw.Draw(edge).rounded_rectangle((0, 0, phone.width - 1, phone.height - 1), radius=44, fill=255)
        phone.putalpha(edge)
        held = ImageOps.contain(phone, (640, 640)).rotate(-7, Image.Resampling.BICUBIC, expand=True)
        seen.paste(held, ((1280 - held.width) // 2, (720 - held.height) // 2 + 45), held)
    shot = film.with_suffix(".jpg")
    seen.save(shot, quality=92)
    shot.replace(film)  # one picture, played for ever; who looks already goes on seeing the old one


def visits(code: str) -> list[dict[str, object]]:
    """What happened on this card in the last weeks, as a till says it."""
    today = datetime.now(UTC).replace(minute=41, second=12, microsecond=0)
    return [
        {
            "id": str(uuid.uuid4()),
            "kind": "stamp",
            "card": code,
            "quantity": stamps,
            "happened_at": moment(today.replace(hour=hour) - timedelta(days=days)),
            "already_happened": True,
        }
        for days, hour, stamps in VISITS
    ]


def moment(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def console(cafe: Cafe) -> Page:
    """The owner's page after signing in: Today."""
    page = cafe.browser.new_context(viewport=DESKTOP, locale="en-GB", timezone_id="Europe/Warsaw").new_page()
    page.goto(f"{cafe.service.url}/console/")
    page.get_by_label("E-mail").fill(cafe.email)
    page.get_by_label("Password", exact=True).fill(cafe.password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    page.get_by_role("button", name="Hide this").click()
    page.wait_for_load_state("networkidle")
    return page


def poster(owner: Owner, shop_id: str) -> Image.Image:
    """The first page of a shop's poster."""
    cookies = "; ".join(f"{name}={value}" for name, value in owner.cookies.items())
    with urlopen(Request(f"{owner.url}/api/v1/shops/{shop_id}/poster.pdf", headers={"Cookie": cookies})) as answer:
        page = pypdfium2.PdfDocument(answer.read())[0].render(scale=1).to_pil()
    return ImageOps.expand(page, border=1, fill="#e0d2bb")  # where white paper ends on a white page


def screen(page: Page) -> Image.Image:
    """What the page shows, once it has stopped moving."""
    page.wait_for_timeout(800)
    return Image.open(io.BytesIO(page.screenshot()))


def side_by_side(*images: Image.Image, gap: int = 40) -> Image.Image:
    """Pictures of one height in a row, with nothing between them."""
    row = Image.new("RGBA", (sum(image.width + gap for image in images) - gap, images[0].height))
    left = 0
    for image in images:
        row.paste(image, (left, 0))
        left += image.width + gap
    return row


def save(name: str, image: Image.Image) -> None:
    """Write a picture, and say how large it is."""
    path = PICTURES / f"{name}.png"
    image.save(path, optimize=True)
    print(f"{path.relative_to(Path.cwd())}  {image.width} x {image.height}, {path.stat().st_size // 1000} KB")


if __name__ == "__main__":
    main()
