"""The till's browser is killed, the tablet loses its power: a stamp that had its tick is there, and arrives once."""

import json
import time
from contextlib import contextmanager

import pytest

from api import auth
from tests.browser import chromium
from tests.browser.at_the_till import OUTBOX, SCAN
from tests.faults import disks
from tests.faults.service import Service, hold_to_account
from tests.faults.tablet import Tablet

# What a power cut may leave at the end of a file: its new length is on the disk, what was written there is not.
TORN = bytes(200)
# How many ticks a browser lives to see, and how long after the last of them it dies.
MOST_TICKS = 30
LONGEST_MOMENT_SECONDS = 0.05
# From the service's return to the browser's death: the till asks again within some seconds.
LONGEST_SENDING_SECONDS = 3
LONGEST_WAIT_SECONDS = 60

# Remembers which claim the page wrote last, so that its tick can be told from others.
WATCH = """(() => {
  const add = IDBObjectStore.prototype.add;
  IDBObjectStore.prototype.add = function (row) {
    if (this.name === "outbox") window.written = row.claim.id;
    return add.call(this, row);
  };
})()"""

# The till as it must not be: no stamp waits for the disk. The move to a new log does: without it a power cut would
# leave not even a counter to stamp at.
CARELESS = """(() => {
  const transaction = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (stores, mode, options) {
    return transaction.call(this, stores, mode, stores === "outbox" ? {} : options);
  };
})()"""

# A cashier without a breath: scan, tap, and note the stamp's id the moment its tick is on the screen. On a busy machine
# the keys of a scan may come too slowly to be one; then it is scanned again.
WORK = f"""(async (urls) => {{
  const shown = (selector, without) => new Promise((resolve) => {{
    const look = () => !document.querySelector(without) && document.querySelector(selector);
    const end = () => (watch.disconnect(), clearTimeout(timer), resolve(look()));
    const watch = new MutationObserver(() => look() && end());
    const timer = setTimeout(end, 1000);
    watch.observe(document, {{ subtree: true, childList: true, attributes: true }});
    if (look()) end();
  }});
  const scan = {SCAN};
  for (;;) for (const url of urls) {{
    let tap = null;
    while (!tap) (scan(url), tap = await shown(".quantities button:not(:disabled)", ".happened"));
    tap.click();
    while (!(await shown(".happened .tick", ".quantities")));
    note(window.written);
  }}
}})"""

# What waits on the till's disk, oldest first.
WAITING = f"""{OUTBOX}.then((place) => new Promise((resolve, reject) => {{
  const opening = place.open("tenth-till");
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {{
    const asked = opening.result.transaction("outbox").objectStore("outbox").getAll();
    asked.onerror = () => reject(asked.error);
    asked.onsuccess = () => (opening.result.close(), resolve(asked.result.map(({{ claim }}) => claim)));
  }};
}}))"""


@pytest.fixture
def service(tmp_path, not_run):
    """A shop with one till, whose page the tablet will show."""
    if not chromium.find():
        not_run("there is no Chromium")
    made = Service(tmp_path / "service", tills=1, cards=60)
    yield made
    made.kill()


def test_a_killed_browser_loses_no_stamp_that_had_its_tick(tmp_path, service, dice, did, how_many):
    kills = how_many(10, 100)

    with tablet_at_work(tmp_path / "profile", service) as tablet:
        for _ in range(kills):
            assert_kept(tablet.noted, open_again(tablet, service))
            stamp_for_a_while(tablet, service, dice)
            tablet.kill()
        sentence = arrive(tablet, service, dice)

    did(f"{kills} kills; {sentence}")


def test_a_tablet_without_power_loses_no_stamp_that_had_its_tick(tmp_path, service, dice, did, not_run, how_many):
    cuts = how_many(5, 30)

    with a_disk(tmp_path, not_run) as disk, tablet_at_work(disk.place / "profile", service) as tablet:
        start_anew(disk)
        for _ in range(cuts):
            assert_kept(tablet.noted, open_again(tablet, service))
            stamp_for_a_while(tablet, service, dice)
            lose_power(tablet, disk)
        sentence = arrive(tablet, service, dice)

    did(f"{cuts} power cuts; {sentence}")


def test_a_till_that_does_not_wait_for_its_disk_is_seen_to_lose(tmp_path, service, dice, did, not_run):
    cuts = 2

    with a_disk(tmp_path, not_run) as disk, tablet_at_work(disk.place / "profile", service) as tablet:
        start_anew(disk)
        for _ in range(cuts):
            open_again(tablet, service, CARELESS)
            stamp_for_a_while(tablet, service, dice)
            lose_power(tablet, disk)
        kept = {claim["id"] for claim in open_again(tablet, service)}

    lost = set(tablet.noted) - kept
    did(f"with IndexedDB's default durability, {cuts} power cuts lost {len(lost)} of {len(tablet.noted)} stamps")
    assert lost


def test_what_a_till_saves_after_a_power_cut_is_there_after_the_next_one(tmp_path, service, dice, did):
    profile = tmp_path / "profile"
    with tablet_at_work(profile, service) as tablet:
        for _ in range(3):
            assert_kept(tablet.noted, open_again(tablet, service))
            stamp_for_a_while(tablet, service, dice)
            tablet.kill()
            tear(profile)
        sentence = arrive(tablet, service, dice)

    did(f"3 kills, each with a torn log; {sentence}")


@contextmanager
def a_disk(folder, not_run):
    """An ext4 of the tablet's own."""
    try:
        disk = disks.Ext4(folder, megabytes=1024)
        disk.mount()
    except disks.NoDisk as missing:
        not_run(str(missing))
    try:
        yield disk
    finally:
        disk.unmount()


def tear(profile):
    """The end of each log in which a database of the till's goes on writing is torn."""
    logs = [log for log in profile.rglob("*.log") if "IndexedDB" in log.parts]
    assert logs
    for log in logs:
        with log.open("ab") as file:
            file.write(TORN)


def start_anew(disk):
    """What is written so far is on the disk, as after a night."""
    disk.unmount()
    disk.mount()


@contextmanager
def tablet_at_work(profile, service):
    """A tablet that has been this shop's till before; now the service is gone."""
    tablet, till = Tablet(profile), service.tills[0]
    service.start()
    try:
        tablet.start()
        _, _, secret = till.headers["Cookie"].partition("=")
        for name, value in (auth.TILL_COOKIE, secret), (f"{auth.TILL_COOKIE}-csrf", till.headers["X-CSRF-Token"]):
            tablet.ask(
                "Network.setCookie", name=name, value=value, url=f"https://localhost:{service.port}/", path="/",
                secure=True, expires=time.time() + 86_400,
            )  # fmt: skip
        show_till(tablet, service)
        wait_until(lambda: tablet.run("Boolean(navigator.serviceWorker.controller)"))
        tablet.close()
        service.kill()
        yield tablet
    finally:
        tablet.kill()


def open_again(tablet, service, *scripts):
    """Open the till on what its disk has; returns the claims that wait there, oldest first."""
    tablet.start(WATCH, *scripts)
    show_till(tablet, service)
    return tablet.run(WAITING)


def show_till(tablet, service):
    """The till's page, ready for the next card."""
    tablet.show(f"http://localhost:{service.port}/kiosk/")
    wait_until(lambda: tablet.run("Boolean(document.querySelector('.counter'))"))


def stamp_for_a_while(tablet, service, dice):
    """Stamps, one after another, until some moment."""
    enough, urls = (
        len(tablet.noted) + dice.randint(1, MOST_TICKS),
        [f"HTTPS://TENTH/C/{code}" for code in service.codes],
    )
    tablet.run(f"void {WORK}({json.dumps(urls)})", awaits=False)
    wait_until(lambda: len(tablet.noted) >= enough)
    time.sleep(dice.uniform(0, LONGEST_MOMENT_SECONDS))


def lose_power(tablet, disk):
    """Everything stands still, the disk takes nothing more, and the tablet starts again."""
    tablet.freeze()
    disk.cut_power()
    tablet.kill()
    disk.unmount()
    disk.mount()


def assert_kept(ticked, waiting):
    """What had its tick waits, in that order, nothing twice."""
    ids = [claim["id"] for claim in waiting]
    had_tick = set(ticked)
    assert len(set(ids)) == len(ids)
    assert [id for id in ids if id in had_tick] == ticked


def arrive(tablet, service, dice):
    """The service is back, and the browser dies once more while it sends; returns what is then true, in a sentence.

    All that waited is in the ledger, once.
    """
    waiting = open_again(tablet, service)
    assert_kept(tablet.noted, waiting)
    service.start()
    time.sleep(dice.uniform(0, LONGEST_SENDING_SECONDS))
    tablet.kill()
    open_again(tablet, service)
    wait_until(lambda: tablet.run(WAITING) == [])
    tablet.close()
    service.kill()
    till = service.tills[0]
    till.said = {claim["id"]: claim for claim in waiting}
    till.told = dict.fromkeys(till.said, "applied")
    return f"{len(tablet.noted)} ticks, each on the disk; then sent: {hold_to_account(service, service.tills)}"


def wait_until(it_is_so):
    """Wait, as long as a busy machine may need. Raises AssertionError when it takes longer."""
    end = time.monotonic() + LONGEST_WAIT_SECONDS
    while not it_is_so():
        assert time.monotonic() < end, "the till's page does not get that far"
        time.sleep(0.02)
