"""What the console's browser tests do with their hands: open a screen, ask the service, pair a device, judge a page."""

import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

from api.ids import id_text, new_id

AXE = (Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
# A colour that is still changing is not judged.
SETTLED = "() => Promise.all(document.getAnimations().filter(one => one.effect.getComputedTiming().endTime < Infinity)"
SETTLED += ".map(one => one.finished.catch(() => null)))"
# Of what is right nothing is asked: axe would describe each of a page's thousands of parts.
FINDINGS = """(rules) => axe.run(document, { resultTypes: ["violations"], ...(rules && { runOnly: rules }) })
    .then((found) => found.violations)"""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
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

    def code_for(self, till_name: str) -> str:
        """A pairing code for a till of the first shop."""
        shop = self.get("/shops")["items"][0]
        return self.post(f"/shops/{shop['id']}/pairing-codes", {"till_name": till_name})["code"]

    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")


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


def pair(browser: Browser, url: str, code: str) -> Owner:
    """A device that has used this pairing code, and asks the service as a till does."""
    device = open_page(browser, url)
    device.page.goto(f"{url}/console/")
    answer = device.ask("POST", "/pairings", {"code": code})
    assert answer["status"] == 201, answer
    return device


def stamp_claim(card: dict, **values: object) -> dict:
    """What a till or other software says when it stamps."""
    happened_at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"id": id_text(new_id()), "kind": "stamp", "card": card["code"], "happened_at": happened_at} | values


def check(page: Page, where: str) -> None:
    """Nothing axe objects to, and nothing wider than the screen."""
    expect(page.locator(".waiting")).to_have_count(0)
    page.evaluate(SETTLED)
    found = page.evaluate(FINDINGS, RULES)
    assert [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found] == [], where
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, where
