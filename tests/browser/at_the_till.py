"""What the till's browser tests do with their hands: pair, sign on, scan, hold a card before the camera."""

import base64
import io
from typing import Any

import qrcode
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.at_the_console import AXE, FINDINGS, SETTLED

PIN = "2468"

# A camera whose picture the test draws: hold(url) shows a picture, hold(null) an empty counter.
CAMERA = """(() => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 480 });
  const pen = canvas.getContext("2d");
  let picture = null;
  setInterval(() => {
    pen.fillStyle = `rgb(90 90 ${90 + (Date.now() / 30) % 8})`;
    pen.fillRect(0, 0, 640, 480);
    if (picture) pen.drawImage(picture, 120, 40);
  }, 33);
  navigator.mediaDevices.getUserMedia = async () => canvas.captureStream(30);
  window.hold = async (url) => {
    if (!url) return void (picture = null);
    const image = new Image();
    image.src = url;
    await image.decode();
    picture = image;
  };
})()"""

# A scanner on a German keyboard: the letters are wrong, the places of the keys are right.
SCAN = """(text) => {
  const places = { ":": ["Semicolon", true], "/": ["Slash", false], ".": ["Period", false], "-": ["Minus", false] };
  let at = performance.now();
  const key = (code, shiftKey) => {
    const event = new KeyboardEvent("keydown", { code, shiftKey, key: "ß", bubbles: true, cancelable: true });
    // A scanner's pace, also where other programs take the processor between two keys.
    Object.defineProperty(event, "timeStamp", { value: (at += 2) });
    (document.activeElement ?? document.body).dispatchEvent(event);
  };
  for (const sign of text) {
    const plain = /[0-9]/.test(sign) ? [`Digit${sign}`, false] : [`Key${sign.toUpperCase()}`, true];
    key(...(places[sign] ?? plain));
  }
  key("Enter", false);
}"""

# Where what waits and the till's facts lie: the newest of its buckets, which has an IndexedDB of its own.
OUTBOX = """navigator.storageBuckets.keys().then(async (names) => {
  const numbers = names.map((name) => Number(name.replace("outbox-", "")));
  const bucket = await navigator.storageBuckets.open(`outbox-${Math.max(...numbers)}`);
  return bucket.indexedDB;
})"""


class Till:
    """A cashier at a till in a browser window of its own."""

    def __init__(
        self, browser: Browser, service: Any, owner: Any, *, drawn_camera: bool = True, **options: Any
    ) -> None:
        self.service, self.owner = service, owner
        self.context: BrowserContext = browser.new_context(viewport={"width": 1280, "height": 800}, **options)
        if drawn_camera:
            self.context.add_init_script(CAMERA)
        self.page: Page = self.context.new_page()

    def open(self) -> None:
        """Pair, sign on, and stand ready."""
        self.page.goto(f"{self.service.url}/kiosk/")
        self.pair()
        self.sign_on()

    def pair(self) -> None:
        self.page.get_by_label("Pairing code").fill(pairing_code(self.owner))
        self.page.get_by_role("button", name="Start this till").click()

    def sign_on(self, pin: str = PIN) -> None:
        keypad = self.page.locator(".keypad")
        for digit in pin:
            keypad.get_by_role("button", name=digit, exact=True).click()
        keypad.get_by_role("button", name="Sign on").click()
        expect(self.page.get_by_role("button", name="New card")).to_be_visible()

    def card(self, *, stamps: int = 0, rewards: int = 0) -> dict[str, Any]:
        """A card of this business that has been used before."""
        face: dict[str, Any] = self.owner.post("/cards")["card"]
        if stamps or rewards:
            change = {"stamps": stamps, "rewards": rewards, "reason": "as it was"}
            self.owner.post(f"/cards/{face['code']}/adjustments", change)
        return self.face(face)

    def face(self, card: dict[str, Any]) -> dict[str, Any]:
        """The card as the service has it now."""
        found: dict[str, Any] = self.owner.get(f"/cards/{card['code']}")
        return found

    def scan(self, card: dict[str, Any]) -> None:
        """With a hand scanner."""
        self.page.evaluate(SCAN, card["url"].upper())

    def hold(self, card: dict[str, Any] | None) -> None:
        """Before the camera, or (None) away from it."""
        self.page.evaluate("(url) => hold(url)", card and picture_of(card["url"].upper()))

    def choose(self, name: str, value: Any) -> None:
        """Choose something in the settings, as it is from the next start on."""
        change = f"JSON.stringify({{...JSON.parse(localStorage['tenth.kiosk.choices'] ?? '{{}}'), {name}: {value!r}}})"
        self.page.evaluate(f"localStorage['tenth.kiosk.choices'] = {change}")
        self.page.reload()

    def tap(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def stamp(self, count: int = 1) -> None:
        """Tap the number."""
        self.tap("1 stamp" if count == 1 else f"{count} stamps")

    @property
    def done(self) -> Locator:
        """What the screen says has just happened, once the service has said so."""
        return self.page.locator('.happened[data-stage="done"]')

    @property
    def line(self) -> Locator:
        """Connected, or saved here: how many wait."""
        return self.page.locator(".bar .connection")

    def expect_accessible(self) -> None:
        """No finding of axe on what is shown now, once it has stopped moving."""
        self.page.evaluate(SETTLED)
        self.page.evaluate(AXE)
        found = self.page.evaluate(FINDINGS)
        assert [(one["id"], one["help"], [node["html"] for node in one["nodes"]]) for one in found] == []

    def close(self) -> None:
        self.context.close()


def open_shop(service: Any, **change: Any) -> Any:
    """A business with one person behind the counter; returns its owner."""
    owner = service.set_up(**change)
    owner.post("/staff", {"name": "Ola", "pin": PIN})
    return owner


def change_terms(owner: Any, **change: Any) -> None:
    """Give the first programme other terms."""
    programme = owner.get("/programmes")["items"][0]
    wish = {"terms": programme["terms"] | change, "policy": "better", "note": "for the test", "expected_version": 1}
    owner.post(f"/programmes/{programme['id']}/versions", wish)


def pairing_code(owner: Any) -> str:
    shop = owner.get("/shops")["items"][0]
    code: str = owner.post(f"/shops/{shop['id']}/pairing-codes", {"till_name": "Till 2"})["code"]
    return code


def picture_of(text: str) -> str:
    """A QR code as a picture's address."""
    made = io.BytesIO()
    qrcode.make(text, box_size=9, border=4).convert("RGB").save(made, "PNG")
    return "data:image/png;base64," + base64.b64encode(made.getvalue()).decode()
