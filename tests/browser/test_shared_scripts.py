"""What the pages share and the service also knows: the same table in, the same answers out, in a real browser."""

import base64
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
VECTORS = json.loads((ROOT / "tests" / "vectors" / "short_codes.json").read_text(encoding="utf-8"))


@pytest.fixture
def script(browser):
    """Run script("static/js/x.js", "m => …") with the module as m, on an empty page."""
    page = browser.new_page()

    def run(path, function):
        source = base64.b64encode((ROOT / path).read_bytes()).decode()
        return page.evaluate(f"async () => ({function})(await import('data:text/javascript;base64,{source}'))")

    yield run
    page.close()


def test_the_pages_read_typed_codes_as_the_service_does(script):
    typed = [case[0] for case in VECTORS["folded"]]

    meant = script("static/js/short-code.js", f"m => {json.dumps(typed)}.map(m.foldCode)")

    assert meant == [case[1] for case in VECTORS["folded"]]


def test_the_pages_notice_wrong_short_codes_as_the_service_does(script):
    codes = VECTORS["valid"] + [case[0] for case in VECTORS["wrong"]]

    valid = script("static/js/short-code.js", f"m => {json.dumps(codes)}.filter((code) => m.readShortCode(code).valid)")

    assert valid == VECTORS["valid"]


def test_a_scanner_may_read_the_whole_address_or_the_bare_code(script):
    scanned = [case[0] for case in VECTORS["scanned"]]

    found = script("static/js/short-code.js", f"m => {json.dumps(scanned)}.map(m.cardCodeIn)")

    assert found == [case[1] for case in VECTORS["scanned"]]


def test_ids_sort_by_the_time_they_were_made(script):
    ids = script("static/js/uuid7.js", "m => [1, 255, 256, 1793000000000, 1793000000001].map((now) => m.uuid7(now))")

    assert ids == sorted(ids)
    assert all(re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", id_) for id_ in ids)
    assert int(ids[3].replace("-", "")[:12], 16) == 1793000000000


@pytest.mark.parametrize(
    ("before", "after", "kind", "fresh"),
    [
        ((6, 0), (7, 0), "stamped", 1),
        ((3, 1), (6, 1), "stamped", 3),
        ((9, 0), (0, 1), "filled", 1),
        ((8, 0), (1, 1), "filled", 2),
        ((4, 2), (4, 1), "redeemed", 0),
        ((7, 0), (6, 0), "changed", 0),
        ((0, 1), (9, 0), "changed", 0),
        ((7, 0), (7, 0), None, None),
    ],
)
def test_the_phone_shows_what_has_happened_since_it_looked_last(script, before, after, kind, fresh):
    faces = [{"stamps": stamps, "rewards_ready": rewards, "needed": 10} for stamps, rewards in (before, after)]

    news = script("customer/landing.js", f"m => m.landing(...{json.dumps(faces)})")

    assert (news and news["kind"], news and news["fresh"]) == (kind, fresh)
