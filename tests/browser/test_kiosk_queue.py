"""What waits at a till arrives once and in order: numbered, past what the service stumbles over, after a restore."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.browser import chromium
from tests.browser.at_the_till import OUTBOX, Till, open_shop
from tests.browser.conftest import FLAGS
from tests.browser.test_kiosk_trouble import lose_answers

SYNC = "**/api/v1/sync"
# What is kept in one of the till's object stores.
KEPT = f"""async (store) => {{
  const place = ["outbox", "facts"].includes(store) ? await {OUTBOX} : indexedDB;
  return new Promise((resolve, reject) => {{
    const opening = place.open("tenth-till");
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {{
      const asked = opening.result.transaction(store).objectStore(store).getAll();
      asked.onsuccess = () => (opening.result.close(), resolve(asked.result));
    }};
  }});
}}"""
# A till's disk as the first version left it, with one stamp that waits.
FIRST_VERSION = """(code) => new Promise((resolve, reject) => {
  const opening = indexedDB.open("tenth-till", 1);
  opening.onerror = () => reject(opening.error);
  opening.onupgradeneeded = () => {
    const db = opening.result;
    const queue = db.createObjectStore("outbox", { keyPath: "sequence", autoIncrement: true });
    queue.createIndex("id", "claim.id", { unique: true });
    const faces = db.createObjectStore("faces", { keyPath: "code" });
    faces.createIndex("short_code", "short_code");
    faces.createIndex("seen_at", "seen_at");
    db.createObjectStore("facts");
    const claim = { id: crypto.randomUUID(), kind: "stamp", card: code, quantity: 1, staff: null, ref: null };
    Object.assign(claim, { order_ref: null, reason: null, happened_at: new Date().toISOString() });
    queue.add({ claim: { ...claim, id: crypto.randomUUID() }, standing: "fact" }).onsuccess = () => queue.delete(1);
    queue.add({ claim, standing: "fact" });
  };
  opening.onsuccess = () => (opening.result.close(), resolve());
})"""

# A browser that knows no storage buckets.
NO_BUCKETS = "Object.defineProperty(Navigator.prototype, 'storageBuckets', { value: undefined })"
# A disk on which no new bucket has room.
FULL = """(() => {
  const open = StorageBucketManager.prototype.open;
  StorageBucketManager.prototype.open = async function (name, options) {
    if ((await this.keys()).includes(name)) return open.call(this, name, options);
    throw new DOMException("full", "QuotaExceededError");
  };
})()"""


class Profile:
    """A browser whose data outlives its windows, as a tablet's does."""

    def __init__(self, browser, folder):
        self.kind, self.folder = browser.browser_type, folder

    def new_context(self, **options):
        path = chromium.find()
        return self.kind.launch_persistent_context(
            self.folder, executable_path=path, headless=True, args=FLAGS, **options
        )


@pytest.fixture(scope="module")
def owner(service):
    return open_shop(service)


def test_what_is_sent_is_numbered_and_says_up_to_where_all_was_answered(till):
    sent = listen(till)

    for card in (till.card(), till.card()):
        stamp(till, card)

    assert [numbers(body) for body in sent] == [([1], 0, []), ([2], 1, [])]


def test_what_lost_its_answer_keeps_its_number(till):
    card = till.card()
    till.scan(card)
    lose_answers(till, 2)
    sent = listen(till)

    till.stamp()

    expect(till.done).to_contain_text("Counted: 1 stamp.", timeout=20_000)
    assert [numbers(body) for body in sent] == [([1], 0, [])] * 3
    assert till.face(card)["stamps"] == 1


def test_numbers_go_on_when_the_tablet_is_started_again_with_nothing_waiting(browser, service, owner, tmp_path):
    tablet = Profile(browser, tmp_path)
    till = Till(tablet, service, owner)
    till.open()
    stamp(till, till.card())
    expect(till.line).to_have_text("Connected")
    till.close()

    till = Till(tablet, service, owner)
    sent = listen(till)
    till.page.goto(f"{service.url}/kiosk/")
    expect(till.line).to_have_text("Connected")
    stamp(till, till.card())

    assert [numbers(body) for body in sent] == [([2], 1, [])]
    till.close()


def test_what_waits_in_a_browser_without_buckets_is_taken_along_when_it_learns_of_them(
    browser, service, owner, tmp_path
):
    tablet = Profile(browser, tmp_path)
    till = Till(tablet, service, owner)
    till.context.add_init_script(NO_BUCKETS)
    till.open()
    card = till.card()
    stamp_alone(till, [card])
    till.page.reload()
    expect(till.line).to_contain_text("Saved here: 1 since")
    till.close()

    till = Till(tablet, service, owner)
    sent = listen(till)
    till.page.goto(f"{service.url}/kiosk/")
    expect(till.line).to_have_text("Connected")
    stamp(till, till.card())

    assert [numbers(body) for body in sent] == [([1], 0, []), ([2], 1, [])]
    assert till.face(card)["stamps"] == 1
    till.close()


def test_a_till_that_can_begin_no_new_log_goes_on_with_the_last_one(till):
    card = till.card()
    stamp_alone(till, [card])
    till.context.add_init_script(FULL)
    till.page.reload()
    expect(till.line).to_contain_text("Saved here: 1 since")
    sent = listen(till)

    till.page.unroute_all(behavior="ignoreErrors")
    expect(till.line).to_have_text("Connected", timeout=20_000)
    stamp(till, card)

    assert [numbers(body) for body in sent] == [([1], 0, []), ([2], 1, [])]
    assert till.face(card)["stamps"] == 2


def test_what_an_older_version_left_waiting_is_sent(browser, service, owner):
    till = Till(browser, service, owner)
    card = till.card()
    till.page.goto(f"{service.url}/healthz")
    till.page.evaluate(FIRST_VERSION, card["code"])
    sent = listen(till)

    till.open()

    expect(till.line).to_have_text("Connected")
    assert till.face(card)["stamps"] == 1
    assert numbers(sent[-1]) == ([2], 1, [])
    till.close()


def test_stamps_whose_answers_were_lost_when_the_tablet_restarted_count_once(till):
    cards = [till.card() for _ in range(3)]
    stamp_alone(till, cards)
    lose_answers(till, 1, also_later=True)
    while till.face(cards[-1])["stamps"] == 0:
        till.page.wait_for_timeout(100)

    till.page.unroute_all(behavior="ignoreErrors")
    till.page.reload()

    expect(till.line).to_have_text("Connected", timeout=20_000)
    assert [till.face(card)["stamps"] for card in cards] == [1, 1, 1]
    assert kept(till, "outbox") == []
    assert [row["sequence"] for row in kept(till, "sent")] == [1, 2, 3]


@pytest.mark.parametrize("status", [413, 500])
def test_one_thing_the_service_stumbles_over_stops_nothing_behind_it(browser, service, owner, status):
    till = Till(browser, service, owner)
    till.page.clock.install()
    till.open()
    cards = [till.card() for _ in range(6)]
    bad = cards[2]
    stamp_alone(till, cards)

    sent = listen(till)
    till.page.route(SYNC, lambda route: stumble(route, bad, status))

    expect(till.line).to_have_text(re.compile(r"Kept here: 1 since \d"), timeout=20_000)
    till.page.keyboard.press("Escape")
    expect(till.page.get_by_text("waits here, because the service cannot take it")).to_be_visible()
    assert [till.face(card)["stamps"] for card in cards] == [1, 1, 0, 1, 1, 1]
    assert [row["sequence"] for row in kept(till, "outbox")] == [3]
    assert sent[-1]["withheld"] == [3] or sent[-1]["after"] >= 3

    with till.page.expect_request("**/api/v1/till?*"):  # what is new at the service is heard all the same
        next_heartbeat(till)
    till.page.unroute_all(behavior="ignoreErrors")
    while till.line.inner_text() != "Connected":  # a heartbeat has no effect before the last one is over
        next_heartbeat(till)
        till.page.wait_for_timeout(500)
    assert till.face(bad)["stamps"] == 1
    till.close()


def test_a_service_that_takes_nothing_at_all_holds_nothing_back(till):
    cards = [till.card(), till.card()]
    stamp_alone(till, cards)
    sent = listen(till)
    till.page.route(SYNC, lambda route: route.fulfill(status=500, json={}))
    till.page.wait_for_event("response", lambda answer: json.loads(answer.request.post_data)["events"] == [])

    till.page.unroute_all(behavior="ignoreErrors")

    expect(till.line).to_have_text("Connected", timeout=20_000)
    assert numbers(sent[-1])[1:] in [(0, []), (1, [])]
    assert [till.face(card)["stamps"] for card in cards] == [1, 1]


def test_a_service_that_asks_for_patience_gets_it(till):
    stamp_alone(till, [till.card()])
    asked = []

    def busy(route):
        asked.append(till.page.evaluate("performance.now()"))
        if len(asked) > 1:
            return route.continue_()
        return route.fulfill(status=503, headers={"Retry-After": "3"}, json={"code": "busy"})

    till.page.route(SYNC, busy)

    expect(till.line).to_have_text("Connected", timeout=20_000)
    assert asked[1] - asked[0] >= 3000


def test_after_a_restore_the_till_sends_again_what_the_backup_lacks(till, service, tmp_path):
    early, late, full = till.card(), till.card(stamps=3), till.card(rewards=1)
    stamp(till, early)
    backup = back_up(service, tmp_path)
    stamp(till, late, 2)
    till.scan(full)
    lose_answers(till, 1, also_later=True)
    till.tap("Hand it over now")
    till.tap("Later")
    till.page.unroute_all(behavior="ignoreErrors")
    expect(till.line).to_have_text("Connected", timeout=20_000)

    sent = listen(till)
    restore(service, backup)
    assert till.face(late)["stamps"] == 3
    till.page.reload()

    expect(till.line).to_have_text("Connected", timeout=20_000)
    assert [till.face(card)["stamps"] for card in (early, late)] == [1, 5]
    assert till.face(full)["rewards_ready"] == 1
    (again,) = sent
    assert numbers(again) == ([1, 2, 3, 4], None, None)
    assert [event["kind"] for event in again["events"]] == ["stamp", "stamp", "redeem", "void"]
    assert all(event["already_happened"] for event in again["events"])
    assert kept(till, "outbox") == []
    assert [row["sequence"] for row in kept(till, "sent")] == [1, 2, 3, 4]


def test_a_till_that_a_restored_service_has_never_heard_of_says_it_all_again_once_it_is_paired(
    browser, service, owner, tmp_path
):
    till = Till(browser, service, owner)
    card = till.card()
    backup = back_up(service, tmp_path)
    till.open()
    stamp(till, card, 2)
    sent = listen(till)

    restore(service, backup)
    till.page.reload()
    expect(till.page.get_by_label("Pairing code")).to_be_visible(timeout=20_000)
    assert [kept(till, store) for store in ("faces", "snapshot")] == [[], []]
    till.page.reload()  # nothing of this depends on what the page remembers
    till.pair()
    till.sign_on()

    expect(till.line).to_have_text("Connected", timeout=20_000)
    assert till.face(card)["stamps"] == 2
    assert [numbers(body) for body in sent] == [([1], None, None)]
    assert kept(till, "outbox") == []
    assert [row["sequence"] for row in kept(till, "sent")] == [1]
    till.close()


def test_what_one_business_was_told_is_not_told_to_another(browser, service, owner, tmp_path):
    till, stranger = Till(browser, service, owner), open_shop(service)
    card = till.card()
    backup = back_up(service, tmp_path)
    till.open()
    stamp(till, card)
    sent = listen(till)

    restore(service, backup)
    till.page.reload()
    till.owner = stranger
    till.pair()
    till.sign_on()

    expect(till.line).to_have_text("Connected", timeout=20_000)
    assert (sent, kept(till, "sent"), stranger.get("/kept")["items"]) == ([], [], [])
    till.close()


def test_a_till_cut_off_after_a_restore_first_hands_in_what_the_backup_lacks(till, service, owner, tmp_path):
    card = till.card()
    backup = back_up(service, tmp_path)
    stamp(till, card)

    till.page.route("**/api/v1/**", lambda route: route.abort())
    restore(service, backup)
    cut_off(till, owner)
    till.page.unroute_all(behavior="ignoreErrors")
    till.page.reload()

    expect(till.page.get_by_label("Pairing code")).to_be_visible(timeout=20_000)
    (item,) = owner.get("/kept?limit=1")["items"]
    assert (item["reason"], item["claim"]["card"]) == ("revoked_till", card["code"])
    expect_cleared(till)


def test_what_was_answered_is_forgotten_after_thirty_days(browser, service, owner):
    till = Till(browser, service, owner)
    till.page.clock.install()
    till.open()
    stamp(till, till.card())
    for days in (29, 2):  # the first is thirty days old then, the second two
        till.page.clock.fast_forward(days * 86_400_000)
        till.sign_on()
        stamp(till, till.card())

    assert [row["sequence"] for row in kept(till, "sent")] == [2, 3]

    till.page.clock.fast_forward(31 * 86_400_000)
    till.page.reload()
    till.sign_on()

    assert kept(till, "sent") == []
    till.close()


def test_what_waits_can_be_saved_to_a_file_and_goes_on_waiting(till, owner):
    card = till.card()
    stamp_alone(till, [card])
    till.page.get_by_role("button", name="Settings").click()

    with till.page.expect_download() as download:
        till.tap("Save what waits to a file")

    file = json.loads(download.value.path().read_text(encoding="utf-8"))
    ours = max(owner.get("/tills")["items"], key=lambda one: one["paired_at"])
    (row,) = kept(till, "outbox")
    assert download.value.suggested_filename == f"tenth-outbox-{ours['name']}-{file['made_at'][:10]}.json"
    assert (file["format"], file["version"]) == ("tenth-outbox", 1)
    assert file["till"] == {"id": ours["id"], "name": ours["name"]}
    assert (file["business"], file["shop"]) == ("Corner", "Market Street")
    assert file["events"] == [row["claim"] | {"sequence": 1, "already_happened": True}]
    assert file["events"][0]["card"] == card["code"]


def test_a_till_cut_off_while_it_was_alone_first_hands_in_what_it_has(till, owner):
    stamp_alone(till, [till.card(), till.card()])
    cut_off(till, owner)
    till.page.unroute_all(behavior="ignoreErrors")

    till.page.reload()

    expect(till.page.get_by_label("Pairing code")).to_be_visible(timeout=20_000)
    assert [one["reason"] for one in owner.get("/kept")["items"][:2]] == ["revoked_till"] * 2
    expect_cleared(till)


def back_up(service, folder):
    """What the service knows now."""
    file = folder / "tenth.backup"
    service.flask("backup", str(file))
    return file


def restore(service, backup):
    """The service knows no more than it did then."""
    service.stop()
    service.flask("restore", str(backup))
    service.start()


def cut_off(till, owner):
    """The owner takes this till out of use."""
    ours = max(owner.get("/tills")["items"], key=lambda one: one["paired_at"])
    owner.post(f"/tills/{ours['id']}/revocations")


def expect_cleared(till):
    """Nothing of the shop is left on this device: its facts are how far it was answered, and by which service."""
    assert [kept(till, store) for store in ("outbox", "sent", "faces", "snapshot")] == [[]] * 4
    assert sorted(names_of_facts(till)) == ["answered", "business", "epoch"]


def names_of_facts(till):
    return till.page.evaluate(KEPT.replace("getAll()", "getAllKeys()"), "facts")


def listen(till):
    """What the till says to /sync from now on, one body after another."""
    heard = []

    def note(request):
        if request.url.endswith("/sync") and (body := json.loads(request.post_data))["events"]:
            heard.append(body)

    till.page.on("request", note)
    return heard


def numbers(body):
    """A batch's numbers, and what it says about the others."""
    return [event["sequence"] for event in body["events"]], body.get("after"), body.get("withheld")


def kept(till, store):
    return till.page.evaluate(KEPT, store)


def stamp(till, card, count=1):
    """A stamp, answered."""
    till.scan(card)
    till.stamp(count)
    expect(till.done).to_be_visible()


def stamp_alone(till, cards):
    """Stamps that wait here: the service is away until the route is taken back."""
    till.page.route(SYNC, lambda route: route.abort())
    for card in cards:
        till.scan(card)
        till.stamp()
        expect(till.page.get_by_text("Saved here: 1 stamp.")).to_be_visible()


def next_heartbeat(till):
    """A minute later, with somebody at the counter all the while."""
    till.page.keyboard.press("Shift")
    till.page.clock.fast_forward(60_000)


def stumble(route, card, status):
    """Whatever has to do with this card fails."""
    if card["code"] in route.request.post_data:
        return route.fulfill(status=status, json={"code": "internal_error"})
    return route.continue_()
