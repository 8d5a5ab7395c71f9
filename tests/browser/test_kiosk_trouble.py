"""At the counter when things go wrong: the service gone, answers lost, the page closed, the till cut off."""

import pytest
from playwright.sync_api import expect

from tests.browser.at_the_till import Till, change_terms, open_shop

# Nothing is on disk before the test says so: every oncomplete of a write to the outbox waits for release().
SLOW_DISK = """(() => {
  const held = [];
  window.durabilities = [];
  window.release = () => held.splice(0).forEach((go) => go());
  const open = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (stores, mode, options) {
    const transaction = open.call(this, stores, mode, options);
    if (mode === "readwrite" && String(stores) === "outbox") {
      window.durabilities.push(transaction.durability);
      Object.defineProperty(transaction, "oncomplete", {
        set: (then) => transaction.addEventListener("complete", (event) => held.push(() => then(event))),
      });
    }
    return transaction;
  };
})()"""


@pytest.fixture(scope="module")
def owner(service):
    return open_shop(service)


def test_the_tick_comes_only_when_the_stamp_is_on_disk(browser, service, owner):
    till = Till(browser, service, owner)
    till.context.add_init_script(SLOW_DISK)
    till.open()
    card = till.card()
    till.scan(card)
    till.stamp()

    till.page.wait_for_timeout(800)
    assert till.page.locator(".tick").count() == 0
    assert till.face(card)["stamps"] == 0  # nor was it sent
    till.page.evaluate("release()")

    expect(till.done).to_contain_text("Stamp 1 of 10")
    assert set(till.page.evaluate("durabilities")) == {"strict"}
    till.close()


def test_a_stamp_that_could_not_be_saved_is_not_shown_as_done(till):
    card = till.card()
    till.scan(card)
    expect(till.page.locator(".count")).to_have_text("0 of 10")
    full = "() => { throw new DOMException('full', 'QuotaExceededError'); }"
    till.page.evaluate(f"() => {{ IDBObjectStore.prototype.add = {full} }}")

    till.stamp()

    expect(till.page.get_by_text("This device could not save it")).to_be_visible()
    assert till.page.locator(".tick").count() == 0
    assert till.face(card)["stamps"] == 0


def test_stamps_given_while_the_service_is_gone_count_once_when_it_is_back(till, no_service):
    card, other = till.card(stamps=3), till.card()
    till.scan(card)
    expect(till.page.locator(".count")).to_have_text("3 of 10")
    no_service()

    till.stamp(2)
    expect(till.page.get_by_text("Saved here: 2 stamps.")).to_be_visible()
    till.scan(other)
    till.stamp()
    expect(till.line).to_contain_text("Saved here: 2 since")
    till.page.reload()
    till.service.start()

    expect(till.line).to_have_text("Connected", timeout=10_000)
    assert till.face(card)["stamps"] == 5
    assert till.face(other)["stamps"] == 1


def test_a_stamp_whose_answer_was_lost_counts_once(till):
    card = till.card(stamps=3)
    till.scan(card)
    expect(till.page.locator(".count")).to_have_text("3 of 10")
    lose_answers(till, 2)

    till.stamp()
    expect(till.page.get_by_text("Saved here: 1 stamp.")).to_be_visible()

    expect(till.done).to_contain_text("Counted: 1 stamp.", timeout=10_000)
    assert till.face(card)["stamps"] == 4


def test_what_was_saved_here_is_not_refused_later(browser, service, no_service):
    strict = open_shop(service)
    change_terms(strict, cooldown_seconds=600)
    till = Till(browser, service, strict)
    till.open()
    card = till.card()
    till.scan(card)
    till.stamp()
    expect(till.done).to_contain_text("Stamp 1 of 10")
    no_service()

    till.page.get_by_role("button", name="Same card again").click()
    till.stamp()
    expect(till.page.get_by_text("Saved here: 1 stamp.")).to_be_visible()
    service.start()

    expect(till.line).to_have_text("Connected", timeout=10_000)
    assert till.face(card)["stamps"] == 2
    newest = strict.get(f"/cards/{card['code']}/events")["items"][0]
    assert newest["flag"] == "too_soon"
    till.close()


def test_a_stamp_saved_here_can_be_undone_here(till, no_service):
    card = till.card(stamps=3)
    till.scan(card)
    expect(till.page.locator(".count")).to_have_text("3 of 10")
    no_service()
    till.stamp(2)
    expect(till.page.locator(".count")).to_have_text("5 of 10")

    till.page.get_by_role("button", name="Undo 2 stamps").click()
    expect(till.page.get_by_text("Undone here.")).to_be_visible()
    expect(till.page.locator(".count")).to_have_text("3 of 10")
    till.service.start()

    expect(till.line).to_have_text("Connected", timeout=10_000)
    assert till.face(card)["stamps"] == 3


def test_a_reward_whose_answer_was_lost_is_asked_for_again_and_leaves_once(till):
    card = till.card(rewards=2)
    till.scan(card)
    lose_answers(till, 1, also_later=True)
    till.tap("Hand it over now")
    expect(till.page.get_by_role("heading", name="No answer")).to_be_visible()
    assert till.page.get_by_text("Hand it over: a free sandwich").count() == 0

    till.page.unroute_all(behavior="ignoreErrors")
    till.tap("Ask again")

    expect(till.page.get_by_role("heading", name="Hand it over: a free sandwich")).to_be_visible()
    assert till.face(card)["rewards_ready"] == 1


def test_a_reward_whose_answer_was_lost_stays_on_the_card_when_the_cashier_says_later(till):
    card = till.card(rewards=1)
    till.scan(card)
    lose_answers(till, 1, also_later=True)
    till.tap("Hand it over now")
    expect(till.page.get_by_role("heading", name="No answer")).to_be_visible()
    assert till.face(card)["rewards_ready"] == 0  # it had arrived

    till.tap("Later")
    till.page.unroute_all(behavior="ignoreErrors")

    expect(till.line).to_have_text("Connected", timeout=10_000)
    assert till.face(card)["rewards_ready"] == 1


def test_a_reward_asked_for_when_the_page_was_closed_stays_on_the_card(till):
    card = till.card(rewards=1)
    till.scan(card)
    lose_answers(till, 1, also_later=True)
    till.tap("Hand it over now")
    expect(till.page.get_by_role("heading", name="No answer")).to_be_visible()

    till.page.unroute_all(behavior="ignoreErrors")
    till.page.reload()

    expect(till.line).to_have_text("Connected", timeout=10_000)
    assert till.face(card)["rewards_ready"] == 1


def test_a_till_the_owner_has_cut_off_asks_for_a_new_code(till, owner):
    ours = max(owner.get("/tills")["items"], key=lambda one: one["paired_at"])
    owner.post(f"/tills/{ours['id']}/revocations")

    till.page.reload()

    expect(till.page.get_by_label("Pairing code")).to_be_visible()


def lose_answers(till, times, *, also_later=False):
    """The service hears what the till sends, but its answers do not come back: these times, or from then on."""
    left = [times]

    def lose(route):
        if left[0] > 0:
            left[0] -= 1
            route.fetch()
            return route.abort()
        return route.abort() if also_later else route.continue_()

    till.page.route("**/api/v1/sync", lose)
