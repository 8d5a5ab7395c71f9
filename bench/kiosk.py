"""The till's figures, in a real Chromium with a camera that shows one card after another: from code in view to tick."""

import io
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import qrcode
from PIL import Image
from playwright.sync_api import BrowserContext, Page, sync_playwright

from bench import service
from tests.browser import chromium

ROOT = Path(__file__).resolve().parents[1]
PORT = 8194
CARDS = 40
# At the fake camera's pace of 30 frames a second: the counter is empty, then a card is held up.
EMPTY_FRAMES, CARD_FRAMES = 12, 16
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]  # fmt: skip

# Notes when the first frame that shows a card is presented: its background is light, an empty counter's is dark.
WATCH = """() => {
  const pen = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const video = document.querySelector("video");
  let light = true;
  window.cardsSeen = [];
  const look = (now, { presentationTime }) => {
    pen.drawImage(video, 0, 0, 40, 40, 0, 0, 1, 1);
    const isLight = pen.getImageData(0, 0, 1, 1).data[0] > 120;
    if (isLight && !light) window.cardsSeen.push(Math.min(now, presentationTime));
    light = isLight;
    video.requestVideoFrameCallback(look);
  };
  video.requestVideoFrameCallback(look);
}"""

# One tap after another, as a cashier would, each on a card that a hand scanner has read.
TAP = """async (codes) => {
  const until = async (found) => { while (!found()) await new Promise((next) => setTimeout(next, 5)); };
  const ticks = () => performance.getEntriesByName("tenth:tick-painted");
  const key = (code, shiftKey) => dispatchEvent(new KeyboardEvent("keydown", { code, shiftKey, bubbles: true }));
  const taken = [];
  for (const code of codes) {
    for (const sign of code) key((/[0-9]/.test(sign) ? "Digit" : "Key") + sign, false);
    key("Enter", false);
    await until(() => document.querySelector(".count") && document.querySelector(".quantities button"));
    await new Promise((next) => setTimeout(next, 120));
    const before = ticks().length;
    const from = performance.now();
    document.querySelector(".quantities button").click();
    await until(() => ticks().length > before);
    taken.push(ticks().at(-1).startTime - from);
    await until(() => document.querySelector('.happened[data-stage="done"], .prize'));
  }
  return taken;
}"""

BACK = """() => new Promise((done) => {
  const from = performance.now();
  const look = () => document.querySelector(".connection.good") ? done(performance.now() - from) : setTimeout(look, 20);
  look();
})"""


def main() -> None:
    """Measure, and print beside the budgets."""
    with service.tenth(PORT, cards_count=CARDS + 25) as tenth, tempfile.TemporaryDirectory() as folder:
        film = Path(folder) / "counter.mjpeg"
        film.write_bytes(b"".join(_film(tenth.codes[:CARDS])))
        print("\nThe till, in Chromium, with a fake camera of 1280 x 720 at 30 frames a second")
        with _browser(tenth, film) as context:
            page = _open(context, on_scan="stamp")
            _scans(page)
            page.close()
            page = _open(context, on_scan="ask")
            _row("tap on a number → durable → painted", page.evaluate(TAP, tenth.codes[CARDS:]), None, None)
            _back_in_touch(page)
            _cold_opens(context, page)
    weighed = subprocess.run(["node", "build.mjs", "--size"], cwd=ROOT, capture_output=True, text=True, check=False)
    print("  " + next((line for line in weighed.stdout.splitlines() if line.startswith("kiosk")), "not built"))


def _scans(page: Page) -> None:
    """Hands-free: a scan is a stamp, so nothing but the machine is measured."""
    page.wait_for_selector("[data-camera=on]")
    page.evaluate(WATCH)
    page.evaluate("performance.clearMarks()")
    wanted = CARDS - 4
    _until(page, "tenth:tick-painted", wanted)
    seen = page.evaluate("window.cardsSeen")
    marks = {
        name: page.evaluate(f"performance.getEntriesByName('tenth:{name}').map(({{startTime}}) => startTime)")
        for name in ("read", "on-disk", "tick-painted")
    }
    taken = {
        name: [at - max(first for first in seen if first <= at) for at in times if seen[0] <= at]
        for name, times in marks.items()
    }
    _row("code in view → read", taken["read"], None, None)
    _row("code in view → on disk", taken["on-disk"], None, None)
    _row("code in view → tick painted", taken["tick-painted"], 60, 150)


def _back_in_touch(page: Page) -> None:
    """How long after the service answers again does the till know? Nothing tells it; it has to ask."""
    times = []
    for _ in range(3):
        page.route("**/api/**", lambda route: route.abort())
        page.get_by_role("button", name="Settings").click()
        page.wait_for_timeout(200)
        page.keyboard.press("Escape")
        page.evaluate("dispatchEvent(new Event('online'))")
        page.wait_for_selector(".connection.warn")
        page.wait_for_timeout(6000)
        page.unroute("**/api/**")
        times.append(page.evaluate(BACK))
    _row("service back → connected", times, None, 5000)


def _cold_opens(context: BrowserContext, page: Page) -> None:
    """The page opens with no network at all."""
    page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
    page.reload()
    context.set_offline(True)
    times = []
    for _ in range(7):
        page.reload()
        _until(page, "tenth:open", 1)
        times.append(page.evaluate("performance.getEntriesByName('tenth:open')[0].startTime"))
    context.set_offline(False)
    _row("cold open with no network → painted", times, 300, None)


def _until(page: Page, mark: str, times: int) -> None:
    """Wait for a mark. (Playwright's own wait_for_function needs eval, which the page forbids.)"""
    for _ in range(1200):
        if page.evaluate("(mark) => performance.getEntriesByName(mark).length", mark) >= times:
            return
        page.wait_for_timeout(100)
    raise RuntimeError(f"{mark} was not seen {times} times in two minutes")


def _row(name: str, taken: list[float], median: float | None, most: float | None) -> None:
    taken = sorted(taken)
    p50, p95 = statistics.median(taken), taken[min(len(taken) - 1, round(len(taken) * 0.95))]
    told = [
        f"goal {label} ≤ {goal} {'met' if found <= goal else 'NOT MET'}"
        for label, found, goal in (("p50", p50, median), ("p95", p95, most))
        if goal is not None
    ]
    print(f"  {name:38} p50 {p50:6.0f} ms   p95 {p95:6.0f} ms   n {len(taken):3}   {', '.join(told)}")


@contextmanager
def _browser(tenth: service.Service, film: Path) -> Iterator[BrowserContext]:
    found = chromium.find() or sys.exit(chromium.MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found, headless=True, args=[*FLAGS, f"--use-file-for-fake-video-capture={film}"]
        )
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        cookie, proof = (line.partition(": ")[2] for line in tenth.headers.strip().split("\r\n"))
        name, _, secret = cookie.partition("=")
        for each, value in ((name, secret), (f"{name}-csrf", proof)):
            context.add_cookies([{"name": each, "value": value, "url": "https://localhost/", "secure": True}])
        yield context
        browser.close()


def _open(context: BrowserContext, *, on_scan: str) -> Page:
    page = context.new_page()
    choices = json.dumps({"muted": True, "onScan": on_scan})
    page.add_init_script(f"localStorage.setItem('tenth.kiosk.choices', {json.dumps(choices)})")
    page.goto(f"http://localhost:{PORT}/kiosk/")
    page.wait_for_selector(".connection.good")
    return page


def _film(codes: list[str]) -> Iterator[bytes]:
    """JPEG after JPEG, played for ever: an empty counter, a card, an empty counter, the next card."""
    empty = _jpeg(Image.new("RGB", (1280, 720), (40, 36, 32)))
    for code in codes:
        frame = Image.new("RGB", (1280, 720), (205, 200, 192))
        drawn = qrcode.make(f"HTTP://LOCALHOST:{PORT}/C/{code}", box_size=9).convert("RGB")
        frame.paste(drawn.rotate(7, expand=True, fillcolor="white"), (460, 140))
        yield from [empty] * EMPTY_FRAMES
        yield from [_jpeg(frame)] * CARD_FRAMES


def _jpeg(image: Image.Image) -> bytes:
    made = io.BytesIO()
    image.save(made, "JPEG", quality=85)
    return made.getvalue()


if __name__ == "__main__":
    main()
