"""A migration, a backup and a restore, killed at each call by which they change the disk: never a half state."""

import random
import shutil
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from api import backup, upgrades
from api.actions import cards, housekeeping
from api.actions.callers import Caller
from api.ids import now_ms
from api.keys import Keys, load
from api.store import copies, service
from tests.faults import strace
from tests.model import Promise
from tests.world import make_shop, open_database

CARDS = 20


@pytest.fixture
def each_call(tmp_path, nursery, dice, did, not_run, how_many):
    """Kill a command at each of its lasting calls, in the short form at some: each_call(folder, *words).

    Yields a copy of the folder as each of the killed has left it.
    """

    def kill(folder, *words):
        place, killed = tmp_path / "killed", 0
        try:
            calls = strace.calls(nursery, anew(folder, place), *words)
            chosen = how_many(some_of(calls, dice), calls)
            for call in chosen:
                killed += strace.kill_at(nursery, anew(folder, place), call, *words)
                yield place
        except strace.NoStrace as missing:
            not_run(str(missing))
        did(f"killed at {killed} of {len(calls)} calls")
        # A wait for a lock or a clock's tick may move a call or two; who is never killed is not tried.
        assert killed > 0.9 * len(chosen)

    return kill


def some_of(calls: list[strace.Call], dice: random.Random) -> list[strace.Call]:
    """Every third call of each name, or where there are many every so-many-th: a dozen."""
    chosen = []
    for name in dict.fromkeys(name for name, _ in calls):
        like_it = [call for call in calls if call[0] == name]
        step = max(3, -(-len(like_it) // 12))
        chosen += like_it[dice.randrange(min(step, len(like_it))) :: step]
    return chosen


@dataclass(frozen=True)
class State:
    """What a database holds: the migration it is at, and every row; its epoch apart, because that is random."""

    revision: str | None
    epoch: str
    rows: dict[str, list[bytes]]


def test_a_migration_killed_at_any_call_leaves_the_old_tables_or_the_new_ones(tmp_path, each_call):
    fill(tmp_path / "shop")
    old = of_old(tmp_path / "shop", tmp_path / "old")
    before = look(old)
    after = migrated(anew(old, tmp_path / "new"))
    assert before.revision != after.revision

    seen = set()
    for place in each_call(old, "migrate"):
        found = look(place)
        seen.add(found.revision)
        assert found.rows == (before if found.revision == before.revision else after).rows
        assert migrated(place).rows == after.rows
    assert seen == {before.revision, after.revision}


def test_a_backup_killed_at_any_call_is_whole_or_not_there(tmp_path, each_call):
    shop = tmp_path / "shop"
    keys = fill(shop)
    before = look(shop)

    for place in each_call(shop, "backup", tmp_path / "killed" / "monday.tenth"):
        assert look(place) == before
        if (place / "monday.tenth").exists():
            assert restored(place, tmp_path / "another", keys).rows == before.rows


def test_a_restore_killed_at_any_call_leaves_the_old_shop_or_the_new_one(tmp_path, each_call):
    shop = tmp_path / "shop"
    keys = fill(shop)
    backed_up = look(shop)
    with closing(open_database("", str(shop))) as database:
        backup.save(database, shop / "monday.tenth", keys=keys, now=now_ms())
        trade(database, keys)
    going_on = look(shop)
    assert going_on.rows != backed_up.rows

    seen = set()
    for place in each_call(shop, "restore", tmp_path / "killed" / "monday.tenth"):
        found = look(place)
        is_new = found.epoch != going_on.epoch
        seen.add(is_new)
        assert found.rows == (backed_up if is_new else going_on).rows
    assert seen == {False, True}


def fill(folder: Path) -> Keys:
    """A shop with a few cards; returns its keys."""
    folder.mkdir()
    keys = load(folder)
    with closing(open_database("", str(folder))) as database:
        upgrades.upgrade(database.engine)
        trade(database, keys)
    return keys


def trade(database, keys):
    """A business comes and gives stamps and rewards to its cards."""
    shop = make_shop(database, Promise(needed=10))
    caller = Caller(shop.id, "service", shop_id=shop.shop, shop_name="Market Street")

    def give(connection):
        made = cards.make(connection, caller=caller, programme_id=shop.programme, version=1, keys=keys, now=now_ms())
        cards.adjust(
            connection, card=made.card.row, stamps=4, rewards=1, reason="as it was", caller=caller, now=now_ms()
        )

    database.write_each([give] * CARDS)


def of_old(folder: Path, place: Path) -> Path:
    """The same shop as the first Tenth had it: the tables and columns there were then, with their rows."""
    place.mkdir()
    with closing(open_database("", str(place))) as database:
        upgrades.upgrade(database.engine, to="0001")
        with database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            connection.exec_driver_sql("ATTACH ? AS newer", (str(folder / "tenth.db"),))
            for table in copies.tables(connection):
                columns = ", ".join(table.columns)
                connection.exec_driver_sql(
                    f"INSERT INTO main.{table.name} ({columns}) SELECT {columns} FROM newer.{table.name}"
                )
            connection.exec_driver_sql("DETACH newer")
    return place


def anew(folder: Path, place: Path) -> Path:
    """A copy of a folder, in place of whatever is there."""
    shutil.rmtree(place, ignore_errors=True)
    return Path(shutil.copytree(folder, place))


def look(folder: Path) -> State:
    """What the database in this folder holds; it can be opened and is sound."""
    with closing(open_database("", str(folder))) as database, database.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        rows = {
            table.name: sorted(b"".join(copies.lines(connection, table)).splitlines())
            for table in copies.tables(connection)
        }
        epoch = service.epoch(connection) if rows.pop("service", None) else ""
        revision = copies.revision(connection)
        if revision == newest():
            checked, wrong = housekeeping.verify(connection)
            assert (checked >= CARDS, wrong) == (True, None)
        return State(revision, epoch, rows)


def migrated(folder: Path) -> State:
    """What the database in this folder holds once it is brought to this version."""
    with closing(open_database("", str(folder))) as database:
        upgrades.upgrade(database.engine)
    return look(folder)


def restored(folder: Path, place: Path, keys: Keys) -> State:
    """What the backup in this folder brings to an empty one."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    with closing(open_database("", str(place))) as database:
        backup.restore(database, folder / "monday.tenth", keys=keys, now=now_ms())
    return look(place)


def newest() -> str:
    return max(path.name[:4] for path in (upgrades.ROOT / "migrations" / "versions").glob("[0-9]*.py"))
