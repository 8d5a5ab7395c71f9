"""At the counter with no network: what is known of a card, what may be handed over, who may sign on."""

import pytest
from playwright.sync_api import expect

from tests.browser.at_the_till import OUTBOX, Till, open_shop

# What this device keeps, by name: {store: [key, …]}.
KEPT = f"""async () => {{
  const wait = (request) => new Promise((done) => (request.onsuccess = () => done(request.result)));
  const found = {{}};
  for (const place of [indexedDB, await {OUTBOX}]) {{
    const db = await wait(place.open("tenth-till"));
    for (const name of db.objectStoreNames)
      found[name] = [...(found[name] ?? []), ...(await wait(db.transaction(name).objectStore(name).getAllKeys()))];
    db.close();
  }}
  return found;
}}"""

# A device on which the first version of the till has worked: it kept a digest of each PIN.
FIRST_VERSION = """() => new Promise((done) => {
  const request = indexedDB.open("tenth-till", 1);
  request.onupgradeneeded = () => {
    const db = request.result;
    db.createObjectStore("outbox", { keyPath: "sequence", autoIncrement: true })
      .createIndex("id", "claim.id", { unique: true });
    const faces = db.createObjectStore("faces", { keyPath: "code" });
    faces.createIndex("short_code", "short_code");
    faces.createIndex("seen_at", "seen_at");
    db.createObjectStore("facts").put({ hash: [1, 2, 3] }, "pin 018f");
  };
  request.onsuccess = () => (request.result.close(), done());
})"""

# One stamp that has waited since then.
WAITS_SINCE = f"""(happened_at) => {OUTBOX}.then((place) => new Promise((done) => {{
  place.open("tenth-till").onsuccess = ({{ target }}) => {{
    const tx = target.result.transaction("outbox", "readwrite");
    const claim = {{ id: crypto.randomUUID(), kind: "stamp", card: "7".repeat(18), quantity: 1, happened_at }};
    tx.objectStore("outbox").add({{ claim, standing: "fact" }});
    tx.oncomplete = () => (target.result.close(), done());
  }};
}}))"""


@pytest.fixture
def owner(service):
    return open_shop(service)


@pytest.fixture
def alone(till, no_service):
    """The till has heard of every card there is by now, and then the service goes away."""

    def leave():
        hear_of_all(till)
        no_service()
        till.page.evaluate("dispatchEvent(new Event('online'))")
        expect(till.line).to_contain_text("No connection")

    return leave


def test_a_card_never_seen_here_is_known_with_no_connection(till, owner, alone):
    card = till.card(stamps=7)
    owner.put(f"/cards/{card['code']}/customer", {"name": "Łucja Nowak", "consents": {"news": False}})
    alone()

    till.scan(card)

    expect(till.page.locator(".count")).to_have_text("7 of 10")
    expect(till.page.locator(".card-work .chip", has_text="ŁN")).to_be_visible()
    expect(till.page.get_by_text("as of")).to_be_visible()
    till.expect_accessible()
    till.stamp(2)
    expect(till.page.get_by_text("Saved here: 2 stamps.")).to_be_visible()
    expect(till.page.get_by_text("2 of them only saved here")).to_be_visible()
    expect(till.line).to_contain_text("Saved here: 1 since")


def test_what_changed_elsewhere_is_known_here_before_the_connection_breaks(till, alone):
    card = till.card(stamps=2)
    till.scan(card)
    expect(till.page.locator(".count")).to_have_text("2 of 10")
    till.page.keyboard.press("Escape")
    change = {"stamps": 4, "rewards": 0, "reason": "in the other shop"}
    till.owner.post(f"/cards/{card['code']}/adjustments", change)
    alone()

    till.scan(card)

    expect(till.page.locator(".count")).to_have_text("6 of 10")


def test_the_item_of_the_month_is_said_with_one_tap_also_with_no_connection(till, owner, alone):
    card = till.card()
    till.scan(card)
    expect(till.page.get_by_role("button", name="1 stamp", exact=True)).to_be_visible()
    bun = till.page.get_by_role("button", name="With Cinnamon bun")
    expect(bun).to_have_count(0)
    campaign = {"name": "Bun of the month", "kind": "item", "item": "Cinnamon bun", "stamps": 3, "hold_out": 0}
    owner.post("/campaigns", campaign)
    till.page.evaluate("dispatchEvent(new Event('online'))")
    bun.click()
    expect(bun).to_have_attribute("aria-pressed", "true")
    till.expect_accessible()
    till.scan(till.card())  # another customer, of whom nobody has said so
    expect(bun).to_have_attribute("aria-pressed", "false")
    till.page.keyboard.press("Escape")
    alone()

    till.scan(card)
    bun.click()
    till.stamp()
    expect(till.page.get_by_text("Saved here: 1 stamp.")).to_be_visible()
    till.tap("Same card again")
    expect(bun).to_have_attribute("aria-pressed", "false")
    till.stamp()
    till.service.start()

    expect(till.line).to_have_text("Connected", timeout=10_000)
    assert till.face(card)["stamps"] == 1 + 3 + 1


def test_a_reward_is_handed_over_with_no_connection_and_leaves_the_card_once(till, alone):
    card = till.card(rewards=1)
    alone()
    till.scan(card)

    till.tap("Hand it over now")

    expect(till.page.get_by_role("heading", name="Hand it over: a free sandwich")).to_be_visible()
    expect(till.page.get_by_text("Saved here. 2 of 3 left with no connection.")).to_be_visible()
    till.expect_accessible()
    till.page.keyboard.press("Escape")
    till.scan(card)
    expect(till.page.get_by_text("1 reward handed over here")).to_be_visible()
    expect(till.page.get_by_role("button", name="Hand it over now")).to_have_count(0)
    till.service.start()
    expect(till.line).to_have_text("Connected", timeout=10_000)
    face = till.face(card)
    assert (face["rewards_ready"], face["rewards_owed"]) == (0, 0)


def test_a_reward_handed_over_with_no_connection_can_be_undone_here(till, alone):
    card = till.card(rewards=1)
    alone()
    till.scan(card)
    till.tap("Hand it over now")

    till.page.get_by_role("button", name="Undo the reward").click()

    expect(till.page.get_by_text("Undone here.")).to_be_visible()
    till.page.keyboard.press("Escape")
    till.scan(card)
    expect(till.page.get_by_role("button", name="Hand it over now")).to_be_visible()
    till.service.start()
    expect(till.line).to_have_text("Connected", timeout=10_000)
    assert till.face(card)["rewards_ready"] == 1


def test_the_owners_limits_are_kept_and_the_screen_says_which(till, owner, alone):
    allow(till, owner, offline_per_card=1, offline_per_till=2)
    rich, second, third = till.card(rewards=3), till.card(rewards=1), till.card(rewards=1)
    alone()
    till.scan(rich)
    till.tap("Hand it over now")
    expect(till.page.get_by_text("1 of 2 left")).to_be_visible()
    till.page.keyboard.press("Escape")

    till.scan(rich)
    expect(till.page.get_by_text("This card has had what it may have with no connection.")).to_be_visible()
    expect(till.page.get_by_role("button", name="Hand it over now")).to_have_count(0)
    till.scan(second)
    till.tap("Hand it over now")
    expect(till.page.get_by_text("0 of 2 left")).to_be_visible()
    till.scan(third)

    expect(till.page.get_by_text("This till has handed over all it may")).to_be_visible()
    expect(till.page.get_by_role("button", name="Hand it over now")).to_have_count(0)
    till.expect_accessible()


def test_no_reward_leaves_with_no_connection_if_the_owner_says_never(till, owner, alone):
    allow(till, owner, offline_redeem="never")
    card = till.card(rewards=1)
    alone()

    till.scan(card)

    expect(till.page.get_by_text("the reward cannot be handed over. It stays on the card.")).to_be_visible()
    expect(till.page.get_by_role("button", name="Hand it over now")).to_have_count(0)


def test_no_reward_leaves_on_news_older_than_the_owner_allows(till, owner, alone):
    allow(till, owner, offline_hours=1)
    card = till.card(rewards=1)
    alone()
    till.page.evaluate("(() => { const now = Date.now; Date.now = () => now() + 2 * 3600e3; })()")

    till.scan(card)

    expect(till.page.get_by_text("this card was last heard of too long ago")).to_be_visible()
    expect(till.page.get_by_role("button", name="Hand it over now")).to_have_count(0)


def test_a_reward_whose_answer_was_lost_can_be_handed_over_and_leaves_once(till):
    card = till.card(rewards=2)
    till.scan(card)
    lose_answers(till)
    till.tap("Hand it over now")
    expect(till.page.get_by_role("heading", name="No answer")).to_be_visible()
    assert till.face(card)["rewards_ready"] == 1  # it had arrived

    till.tap("Hand it over now")

    expect(till.page.get_by_role("heading", name="Hand it over: a free sandwich")).to_be_visible()
    expect(till.page.get_by_text("Saved here. 2 of 3 left with no connection.")).to_be_visible()
    till.page.unroute_all(behavior="ignoreErrors")
    expect(till.line).to_have_text("Connected", timeout=10_000)
    assert till.face(card)["rewards_ready"] == 1


def test_a_reward_handed_over_while_the_service_says_no_is_owed_not_lost(till):
    card = till.card(rewards=1)
    till.scan(card)
    expect(till.page.get_by_role("button", name="Hand it over now")).to_be_visible()
    till.owner.post(f"/cards/{card['code']}/adjustments", {"stamps": 0, "rewards": -1, "reason": "in the other shop"})
    asked = []

    def hold(route):
        asked.append(route)
        if len(asked) == 1:
            route.abort()
        elif len(asked) > 2:
            route.continue_()

    till.page.route("**/api/v1/sync", hold)
    till.tap("Hand it over now")
    expect(till.page.get_by_role("heading", name="No answer")).to_be_visible()
    till.page.wait_for_timeout(1200)  # the question is on its way once more

    till.tap("Hand it over now")
    expect(till.page.get_by_text("Saved here. 2 of 3 left")).to_be_visible()
    asked[1].continue_()

    expect(till.line).to_have_text("Connected", timeout=10_000)
    expect(till.page.get_by_role("heading", name="Hand it over: a free sandwich")).to_be_visible()
    assert till.face(card)["rewards_owed"] == 1


def test_with_no_connection_a_name_is_enough_and_the_pin_is_asked_for_afterwards(till, alone):
    till.page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
    card = till.card(stamps=1)
    alone()
    till.page.reload()
    expect(till.page.get_by_role("heading", name="Ready for the next card")).to_be_visible()
    till.page.get_by_role("button", name="Lock").click()
    expect(till.page.get_by_text("The PIN is asked for when the connection is back.")).to_be_visible()
    till.expect_accessible()

    till.tap("Ola")
    expect(till.page.get_by_role("heading", name="Ready for the next card")).to_be_visible()
    till.scan(card)
    expect(till.page.locator(".count")).to_have_text("1 of 10")
    till.service.start()
    expect(till.line).to_have_text("Connected", timeout=10_000)
    expect(till.page.locator(".count")).to_be_visible()  # nobody is interrupted with a card in hand
    till.page.keyboard.press("Escape")

    expect(till.page.locator(".keypad")).to_be_visible()
    till.sign_on()
    expect(till.page.get_by_role("heading", name="Ready for the next card")).to_be_visible()


def test_who_signed_on_by_name_is_asked_for_the_pin_after_a_restart_too(till, alone):
    till.page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
    alone()
    till.page.get_by_role("button", name="Lock").click()
    till.tap("Ola")
    expect(till.page.get_by_role("heading", name="Ready for the next card")).to_be_visible()
    till.page.reload()
    expect(till.page.get_by_role("heading", name="Ready for the next card")).to_be_visible()

    till.service.start()

    expect(till.page.locator(".keypad")).to_be_visible(timeout=10_000)


def test_nothing_made_from_a_pin_is_kept_on_the_device(browser, service, owner):
    till = Till(browser, service, owner)
    till.page.goto(f"{service.url}/static/icons/mark.svg")
    till.page.evaluate(FIRST_VERSION)

    till.open()

    assert sorted(till.page.evaluate(KEPT)["facts"])[-2:] == ["signed_on", "till"]
    assert not [name for name in till.page.evaluate(KEPT)["facts"] if "pin" in name]
    till.close()


def test_a_till_the_owner_has_cut_off_forgets_its_shop(till, owner):
    till.scan(till.card(stamps=3))
    expect(till.page.locator(".count")).to_have_text("3 of 10")
    hear_of_all(till)
    (ours,) = owner.get("/tills")["items"]
    owner.post(f"/tills/{ours['id']}/revocations")

    till.page.evaluate("dispatchEvent(new Event('online'))")

    expect(till.page.get_by_label("Pairing code")).to_be_visible()
    expect(till.page.get_by_text("3 of 10")).to_have_count(0)
    kept = till.page.evaluate(KEPT)
    assert [kept[name] for name in ("outbox", "faces", "snapshot", "sent")] == [[], [], [], []]
    assert {"till", "signed_on"} & set(kept["facts"]) == set()
    till.pair()
    till.sign_on()


def test_the_settings_say_what_is_kept_here_and_for_how_long(till, alone):
    till.card()
    till.card()
    alone()
    till.scan({"url": "7" * 18})
    till.stamp()
    expect(till.page.get_by_text("Saved here: 1 stamp.")).to_be_visible()

    till.page.get_by_role("button", name="Settings").click()

    drawer = till.page.get_by_role("dialog", name="Settings")
    expect(drawer.get_by_text("2 cards are known here, as of")).to_be_visible()
    expect(drawer.get_by_text("The browser")).to_be_visible()
    till.expect_accessible()
    with till.page.expect_download() as download:
        drawer.get_by_role("button", name="Save what waits to a file").click()
    assert download.value.suggested_filename.startswith("tenth-outbox-")


def test_what_has_waited_for_days_is_shown_in_red(till, alone):
    alone()
    till.page.evaluate(WAITS_SINCE, "2026-01-05T09:00:00Z")
    till.page.evaluate("dispatchEvent(new Event('online'))")

    expect(till.page.locator(".bar .connection.bad")).to_contain_text("Saved here: 1 since Jan 5")
    expect(till.page.get_by_text("What is saved here has waited for very long")).to_be_visible()
    till.expect_accessible()


def allow(till, owner, **change):
    """The owner changes what tills may do with no network, and the till hears of it."""
    owner.patch("/business", change)
    with till.page.expect_response("**/api/v1/till?*"):
        till.page.evaluate("dispatchEvent(new Event('online'))")


def hear_of_all(till):
    """A fresh start fetches what the service knows of the shop's cards."""
    with till.page.expect_response("**/api/v1/till/snapshot*"):
        till.page.reload()
    till.page.get_by_role("button", name="New card").wait_for()
    till.page.wait_for_timeout(300)  # until it lies on the disk


def lose_answers(till):
    """The service hears what the till sends once more, but no answer comes back."""
    left = [1]

    def lose(route):
        if left[0] > 0:
            left[0] -= 1
            route.fetch()
        route.abort()

    till.page.route("**/api/v1/sync", lose)
