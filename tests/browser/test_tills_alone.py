"""The owner's side of a till on its own: what never came, a wrong clock, a saved file, and what it may hand out."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.at_the_console import AXE, DESKTOP, PHONE, check, open_page, pair, stamp_claim


def moment(hours_ahead=0):
    return (datetime.now(UTC) + timedelta(hours=hours_ahead)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def send(browser, owner, name, *events, **values):
    """What a newly paired till says; returns what it knows of itself."""
    device = pair(browser, owner.url, owner.code_for(name))
    device.post("/sync", {"sent_at": moment(), "events": list(events)} | values)
    till = device.get("/till")["till"]
    device.page.context.close()
    return till


def saved(folder, events, **values):
    """The file a till writes."""
    path = folder / "tenth-outbox.json"
    path.write_text(json.dumps({"format": "tenth-outbox", "version": 1, "events": events} | values))
    return path


def test_what_never_came_is_shown_until_the_owner_has_seen_it(owner, browser):
    card = owner.card(owner.programme())
    send(browser, owner, "Window", stamp_claim(card) | {"sequence": 5}, after=1)
    owner.open("set-aside")
    notice = owner.page.locator(".gap").filter(has_text="Window")
    expect(notice).to_contain_text("3 things that Window saw have never arrived.")

    owner.open("tills")
    notice.get_by_role("button", name="Seen").click()

    expect(notice).to_have_count(0)
    owner.open("set-aside")
    expect(notice).to_have_count(0)


def test_a_saved_file_is_brought_in_and_a_second_time_does_no_harm(owner, browser, tmp_path):
    card = owner.card(owner.programme())
    till = send(browser, owner, "Cellar")
    stamps = [stamp_claim(card, already_happened=True, sequence=n) for n in range(1, 4)]
    path = saved(tmp_path, [*stamps, "nonsense"], till=till)
    owner.open("tills")
    box = owner.page.get_by_label("Choose a file")

    box.set_input_files(path)
    expect(owner.page.get_by_text("From Cellar: counted 3, known already 0, set aside for you 1")).to_be_visible()
    box.set_input_files(path)
    expect(owner.page.get_by_text("From Cellar: counted 0, known already 3, set aside for you 1")).to_be_visible()

    assert owner.face(card)["stamps"] == 3


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"format": "something"}, "This is not a file that a till has saved."),
        ({"version": 2}, "This is not a file that a till has saved."),
        ({"till": {"id": "01930a5e-7c4b-7d2a-9f3e-5b6c7d8e9f0a", "name": "Afar"}}, "This file is from Afar"),
    ],
)
def test_another_file_is_not_brought_in(owner, browser, tmp_path, change, said):
    till = send(browser, owner, "Attic")
    owner.open("tills")

    owner.page.get_by_label("Choose a file").set_input_files(saved(tmp_path, [], **{"till": till} | change))

    expect(owner.page.get_by_text(said)).to_be_visible()


def test_the_owner_says_what_a_till_may_hand_out_on_its_own(owner):
    owner.open("business")
    rules = owner.page.locator("form").filter(has_text="With no network")
    rules.get_by_label("Rewards at one till").fill("7")
    rules.get_by_role("button", name="Save").click()
    expect(owner.page.get_by_text("Saved")).to_be_visible()
    assert owner.get("/business")["offline_per_till"] == 7

    rules.get_by_label("Rewards", exact=True).select_option("never")
    expect(rules.get_by_label("Rewards at one till")).to_have_count(0)
    with owner.page.expect_response(lambda answer: answer.request.method == "PATCH"):
        rules.get_by_role("button", name="Save").click()

    assert owner.get("/business")["offline_redeem"] == "never"
    owner.ask("PATCH", "/business", {"offline_redeem": "limited", "offline_per_till": 3})


@pytest.mark.parametrize("language", ["en", "pl"])
@pytest.mark.parametrize(("theme", "size"), [("light", DESKTOP), ("dark", PHONE)], ids=["desktop", "phone"])
def test_the_screens_are_accessible_and_fit_their_width(browser, service, corner, language, theme, size):
    look = {"color_scheme": theme, "viewport": size, "reduced_motion": "reduce"}
    owner = open_page(browser, service.url, storage_state=corner, **look)
    owner.page.add_init_script(AXE)
    owner.open("today")
    card = owner.card(owner.programme())
    send(browser, owner, f"Hatch {language} {theme}", stamp_claim(card) | {"sequence": 3}, after=1, sent_at=moment(3))
    owner.page.evaluate("(code) => localStorage.setItem('tenth.console.language', code)", language)

    for place in ("tills", "set-aside", "business"):
        owner.open(place)
        expect(owner.page.locator("html")).to_have_attribute("lang", language)
        check(owner.page, place)

    assert owner.trouble == []
    owner.page.context.close()
