"""The power fails while tills send: what was acknowledged is on the disk, and a careless service is seen to lose it."""

import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults import disks
from tests.faults.own_postgres import OwnPostgres, open_to_others
from tests.faults.service import Service, settle
from tests.faults.tills import at_work

LONGEST_LIFE_SECONDS = 0.5
CARELESS = "tests.faults.careless:serve --factory"
BOTH = pytest.mark.parametrize("kind", ["sqlite", "postgresql"])


@BOTH
def test_no_power_cut_loses_what_was_acknowledged(kind, nursery, dice, did, not_run, how_many):
    cuts = how_many(10, 100 if kind == "sqlite" else 10)

    with shop_on_a_disk(kind, nursery, not_run) as shop:
        with at_work(shop.service.tills, shop.service.codes, dice):
            for _ in range(cuts):
                shop.live_and_lose_power(dice)
        sentence = settle(shop.service)

    did(f"{cuts} power cuts; {sentence}")


@BOTH
def test_a_service_that_does_not_wait_for_the_disk_is_seen_to_lose(kind, nursery, dice, did, not_run):
    cuts = 3

    with shop_on_a_disk(kind, nursery, not_run, target=CARELESS) as shop:
        with at_work(shop.service.tills, shop.service.codes, dice):
            for _ in range(cuts):
                shop.live_and_lose_power(dice)
        ledger, _ = shop.service.written()

    told = {id for till in shop.service.tills for id, status in till.told.items() if status == "applied"}
    did(f"{cuts} power cuts lost {len(told - ledger.keys())} of {len(told)} events")
    assert told - ledger.keys()


@dataclass
class Shop:
    """A service whose database is on a disk of its own, and, where that is PostgreSQL, its server."""

    service: Service
    disk: disks.Ext4
    postgres: OwnPostgres | None

    def live_and_lose_power(self, dice):
        """Serve for a moment; the disk takes nothing more, all that ran is gone, and the machine starts again."""
        self.service.launch()
        self.service.wait_until_at_work()
        time.sleep(dice.uniform(0, LONGEST_LIFE_SECONDS))
        self.service.signal(signal.SIGSTOP)
        if self.postgres is not None:
            self.postgres.freeze()
        self.disk.cut_power()
        self.service.kill()
        if self.postgres is not None:
            self.postgres.kill()
        self.disk.unmount()
        self.disk.mount()
        if self.postgres is not None:
            self.postgres.start()


@contextmanager
def shop_on_a_disk(kind, nursery, not_run, **options) -> Iterator[Shop]:
    """A shop whose database, and with SQLite all its data, are on an ext4 of its own."""
    with ExitStack() as at_the_end:
        folder: Path = at_the_end.enter_context(open_to_others())
        try:
            disk = disks.Ext4(folder, megabytes=256)
            disk.mount()
        except disks.NoDisk as missing:
            not_run(str(missing))
        at_the_end.callback(disk.unmount)
        postgres, address = None, ""
        if kind == "postgresql":
            postgres = OwnPostgres(disk.place / "postgres")
            at_the_end.callback(postgres.end)
            address = postgres.start()
        service = Service(disk.place / "data", database_url=address, nursery=nursery, **options)
        at_the_end.callback(service.kill)
        yield Shop(service, disk, postgres)
