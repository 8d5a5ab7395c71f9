"""The columns kept beside the database are what the ledger says, however they came to be there."""

import itertools
import json
import os
import random
import stat
import threading
import zlib

import numpy as np
import pytest

from api import columns_file, db
from api.columns_file import Damaged, held
from api.db import Busy
from api.ids import id_text, new_id
from api.store import columns, ledger, reports, service
from api.tables.events import KINDS
from insight.columns import Item
from rules.programme import Choice, Tier


@pytest.fixture
def read(app, business, tmp_path):
    """Read the columns of Corner, or of another business, by the same files."""

    def read(business_id=business.id, **more):
        with held(tmp_path / "columns" / "7") as files, db.reading() as connection:
            return columns.columns(connection, business_id, files, **more)

    return read


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "columns" / "7"


def in_columns(found):
    """Each card's lines as the columns have them, a void with the place its line has among the card's."""
    lines = {id: [] for id in found.card_ids}
    places = {}
    for n, number in enumerate(found.events.card.tolist()):
        own = lines[found.card_ids[number]]
        places[n] = len(own)
        events = found.events
        undoes = events.voids[n].item()
        own.append((
            KINDS[events.kind[n]], events.stamps[n], events.rewards[n], events.at[n], events.version[n],
            found.shops[events.shop[n]] if events.shop[n] >= 0 else None, events.units[n], events.tier[n] or None,
            found.items[events.item[n]] if events.item[n] >= 0 else None, None if undoes < 0 else undoes,
        ))  # fmt: skip
    return {id: [(*line[:-1], None if line[-1] is None else places[line[-1]]) for line in own]
            for id, own in lines.items()}  # fmt: skip


def in_ledger(business_id):
    """The same, as the ledger has them."""
    lines = {}
    with db.reading() as connection:
        for card in reports.every_card(connection):
            if card.business_id != business_id:
                continue
            rows = ledger.history(connection, business_id, card.last_event_id)[::-1]
            places = {row.id: n for n, row in enumerate(rows)}
            lines[card.id] = [
                (row.kind, row.stamps, row.rewards, row.for_rules.counted_at, row.version, row.shop,
                 row.for_rules.units, row.tier, row.item if row.kind == "redeem" else None,
                 places[row.ref] if row.kind == "void" else None)
                for row in rows
            ]  # fmt: skip
    return lines


def live(business, till, dice, cards):
    """Something happens at the counter or at the owner's desk."""
    kind = dice.choice(["card", "stamp", "stamp", "stamp", "redeem", "void", "adjust", "offline"])
    if kind == "card" or not cards:
        cards.append((business.card(rewards=dice.randint(0, 1)), []))
        return
    card, stamped = dice.choice(cards)
    if kind == "adjust":
        business.owner.post(f"/cards/{card.code}/adjustments", {"stamps": 2, "rewards": 1, "reason": "sorry"})
    elif kind == "void" and stamped:
        till.send(till.void(stamped.pop(dice.randrange(len(stamped)))))
    elif kind == "redeem":
        till.send(till.redeem(card))
    else:
        late = {"already_happened": True} if kind == "offline" else {}
        claim = till.stamp(card, quantity=dice.randint(1, 5), **late)
        till.send(claim)
        stamped.append(claim)


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happened_in_between_the_columns_are_the_ledger(business, till, read, seed, monkeypatch):
    dice, cards = random.Random(seed), []
    monkeypatch.setattr(columns, "_LINES_AT_ONCE", dice.choice([1, 3, 100_000]))

    for _ in range(6):
        for _ in range(dice.randint(0, 15)):
            live(business, till, dice, cards)
        assert in_columns(read()) == in_ledger(business.id)


def test_tiers_what_was_picked_and_money_are_in_the_columns(make_business, read, monkeypatch):
    soup, tea = Choice("a free soup", 190, 500), Choice("a free tea", 40, 250)
    coffee = Tier(1, 5, "a free coffee", unit_cost=60, unit_price=300, choices=(tea,))
    cafe = make_business("Café", choices=(soup,), tiers=(coffee, Tier(2, 2, "a tote bag", once=True)))
    paid = make_business("Spend", stamp_for="spend", spend_per_stamp=500)
    till, card, other, paying = cafe.till(), cafe.card(stamps=12), paid.till(), paid.card()
    taken = till.redeem(card, tier=1, item="a free tea")
    till.send(till.stamp(card, item="rye bread"), taken, till.redeem(card, item="a free soup"))
    read(cafe.id)
    till.send(till.void(taken), till.redeem(card, tier=2), till.redeem(card, tier=1))
    spent = other.stamp(paying, amount=1299)
    other.send(spent, other.void(spent), other.stamp(paying, amount=700))

    found, of_paid = read(cafe.id), read(paid.id)

    assert in_columns(found) == in_ledger(cafe.id)
    assert found.items == ("a free tea", "a free soup")
    assert [each.rewards[1].items for each in found.programmes] == [
        (Item("a free coffee", 60, 300), Item("a free tea", 40, 250))
    ]
    assert {key: (each.at, each.once) for key, each in found.programmes[0].rewards.items()} == {
        0: (10, False), 1: (5, False), 2: (2, True),
    }  # fmt: skip
    assert found.programmes[0].rewards[0].item("a free soup") == Item("a free soup", 190, 500)
    assert in_columns(of_paid) == in_ledger(paid.id)
    assert of_paid.events.units.tolist() == [1299, -1299, 700]
    # A till may say that anything was picked: what is more than the columns can number is as if nothing was said.
    monkeypatch.setattr(columns, "_HIGHEST_NUMBER", 0)
    till.send(*(till.redeem(card, item=name, already_happened=True) for name in ("a pie", "a tart")))
    assert read(cafe.id).events.item.tolist()[-2:] == [-1, -1]


def test_a_long_story_is_read_in_several_statements_as_in_one(business, till, make_card, read):
    cards = [make_card(stamps=n % 5) for n in range(columns.chains.AT_ONCE + 3)]
    before = in_columns(read())
    till.send(*[till.stamp(card) for card in cards for _ in range(2)])

    after = in_columns(read())

    assert after == in_ledger(business.id)
    assert sum(map(len, after.values())) == sum(map(len, before.values())) + 2 * len(cards)


def test_nothing_new_leaves_the_files_as_they_are(till, make_card, read, folder):
    till.send(till.stamp(make_card()))
    read()
    before = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir()}

    read()

    assert {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir()} == before


def test_only_what_is_new_is_written(till, make_card, read, folder):
    card = make_card(stamps=3)
    read()
    before = (folder / "at").read_bytes()
    till.send(till.stamp(card))

    read()

    assert (folder / "at").read_bytes()[: len(before)] == before
    assert len((folder / "at").read_bytes()) == len(before) + 8


def test_cards_programmes_shops_and_the_zone_are_the_business_s(business, make_card, read):
    old = make_card()
    versions = f"/programmes/{id_text(business.programme_id)}/versions"
    terms = business.owner.get(versions).json["items"][0]["terms"] | {"stamps_needed": 8, "welcome_stamps": 1}
    business.owner.post(versions, {"terms": terms, "policy": "finish", "expected_version": 1})
    new = make_card(version=2)

    found = read()

    assert found.zone == "Europe/Warsaw"
    assert found.shops == ("Market Street",)
    programme = found.programmes[0]
    assert (programme.name, programme.id) == ("Sandwich card", business.programme_id)
    first, second = programme.versions
    assert (first.version, first.stamps_needed, first.welcome_stamps, first.keeps_better) == (1, 10, 0, True)
    assert (second.version, second.stamps_needed, second.welcome_stamps, second.keeps_better) == (2, 8, 1, False)
    assert {found.card_ids.index(card.id) for card in (old, new)} == {0, 1}
    # Its welcome is told from other gifts by its moment.
    assert found.events.at.tolist() == [found.cards.created_at[found.card_ids.index(new.id)]]


def test_an_id_that_ends_with_zeros_is_the_same_id(business, till, make_card, read):
    card = make_card()
    stamp = till.stamp(card, id=id_text(new_id()[:14] + b"\0\0"))
    till.send(stamp)
    read()
    till.send(till.void(stamp), till.stamp(card))

    assert in_columns(read()) == in_ledger(business.id)


@pytest.fixture
def some_lines(till, make_card, read):
    """A card with a history that the columns know, and one more line that they do not."""
    card = make_card(stamps=4)
    till.send(till.stamp(card), till.stamp(card))
    read()
    till.send(till.stamp(card, quantity=3))
    return card


def _cut(path):
    path.write_bytes(path.read_bytes()[:-1])


def _turn(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def _remove(path):
    path.unlink()


def _empty(path):
    path.write_bytes(b"")


@pytest.mark.parametrize("damage", [_cut, _turn, _remove, _empty])
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_damage_of_any_kind_is_made_good_from_the_ledger(business, read, folder, some_lines, damage):
    expected = in_ledger(business.id)
    assert in_columns(read()) == expected

    for name in [path.name for path in folder.iterdir() if path.name != columns_file.LOCK]:
        damage(folder / ("cards-1" if name.startswith("cards") else name))
        assert in_columns(read()) == expected, name
        assert in_columns(read()) == expected, name


def test_damage_is_noticed_and_not_merely_written_over(read, folder, some_lines):
    _turn(folder / "stamps")

    with held(folder) as files, db.reading() as connection:
        manifest = files.manifest(service.epoch(connection))
        with pytest.raises(Damaged):
            files.events(manifest, "stamps")


def test_what_was_being_written_when_the_power_went_does_not_count(business, read, folder, some_lines):
    with held(folder) as files, db.reading() as connection:
        manifest = files.manifest(service.epoch(connection))
        half = files.events(manifest, *columns_file.EVENTS)
        files.append(manifest, half)  # and then nothing: the manifest stays as it was

    with (folder / "at").open("rb") as same:
        assert in_columns(read()) == in_ledger(business.id)
        assert os.fstat(same.fileno()).st_ino == (folder / "at").stat().st_ino  # nothing had to be made anew


def test_a_new_epoch_means_new_columns(business, read, folder, some_lines):
    before = read()
    db.write(lambda connection: service.new_epoch(connection, "another"))

    found = read()

    assert in_columns(found) == in_columns(before) == in_ledger(business.id)
    assert json.loads((folder / "manifest.json").read_bytes().partition(b"\n")[2])["epoch"] == "another"


def test_a_restore_takes_the_columns_back_with_it(app, business, till, read, some_lines, tmp_path):
    run = app.test_cli_runner().invoke
    (tmp_path / "away").mkdir()
    saved = run(args=["backup", str(tmp_path / "away" / "monday.tenth")])
    till.send(till.stamp(some_lines), till.stamp(business.card()))
    ahead = in_columns(read())
    restored = run(args=["restore", str(tmp_path / "away" / "monday.tenth")])

    found = in_columns(read())

    assert (saved.exit_code, restored.exit_code) == (0, 0), restored.output
    assert found == in_ledger(business.id) != ahead


def test_a_disk_that_takes_nothing_is_no_fault_of_the_service(tmp_path):
    (tmp_path / "full").write_bytes(b"")

    with pytest.raises(Busy), held(tmp_path / "full" / "7"):
        pass


def test_files_of_another_format_are_made_anew(business, read, folder, some_lines):
    said = json.loads((folder / "manifest.json").read_bytes().partition(b"\n")[2])
    text = json.dumps(said | {"format": 99, "more": 1, "events": 1}).encode()
    (folder / "manifest.json").write_bytes(f"{zlib.crc32(text):08x}\n".encode() + text)

    assert in_columns(read()) == in_ledger(business.id)


def test_files_of_another_ledger_are_made_anew(business, stranger, read, some_lines):
    theirs = stranger.card(stamps=2)
    assert in_columns(read()) == in_ledger(business.id)

    assert in_columns(read(stranger.id)) == in_ledger(stranger.id)
    assert in_columns(read()).keys().isdisjoint({theirs.id})


def test_files_that_know_a_card_too_many_are_made_anew(business, read, folder, some_lines):
    with held(folder) as files, db.reading() as connection:
        manifest = files.manifest(service.epoch(connection))
        cards = {name: np.repeat(values, 2) for name, values in files.cards(manifest).items()}
        cards["id"][1] = new_id()  # as when an older copy of the database took the place of this one
        files.commit(manifest, cards)

    assert in_columns(read()) == in_ledger(business.id)


def test_whoever_had_enough_of_waiting_finds_what_was_read_so_far(business, read, folder, some_lines):
    heard = []

    def enough(done, of):
        heard.append((done, of))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read(progress=enough)

    assert heard == [(1, 1)]
    with held(folder) as files, db.reading() as connection:
        assert files.manifest(service.epoch(connection)).events == 4
    assert in_columns(read()) == in_ledger(business.id)


def test_two_at_once_wait_for_each_other(app, business, till, make_card, read):
    cards = [make_card(stamps=2) for _ in range(5)]
    found, wrong = [], []

    def look():
        try:
            with app.app_context():
                for _ in range(5):
                    found.append(sum(map(len, in_columns(read()).values())))
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=look) for _ in range(3)]
    for thread in threads:
        thread.start()
    for card in itertools.islice(itertools.cycle(cards), 20):
        till.send(till.stamp(card))
    for thread in threads:
        thread.join()

    assert not wrong
    assert found
    assert in_columns(read()) == in_ledger(business.id)


def test_nobody_else_on_the_machine_reads_them(read, folder, some_lines):
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
