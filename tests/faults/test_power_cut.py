"""The power fails while tills send: what was acknowledged is on the disk, and a careless service is seen to lose it."""

import signal
import time
from contextlib import contextmanager

from tests.faults import disks
from tests.faults.service import Service, hold_to_account
from tests.faults.tills import at_work

LONGEST_LIFE_SECONDS = 0.5


def test_no_power_cut_loses_what_was_acknowledged(tmp_path, dice, did, not_run, how_many):
    cuts = how_many(10, 100)

    with shop_on_a_disk(tmp_path, not_run) as (service, disk):
        with at_work(service.tills, service.codes, dice):
            for _ in range(cuts):
                live_and_lose_power(service, disk, dice)
        service.start()
        for till in service.tills:
            till.empty()
            till.hang_up()
        service.kill()
        sentence = hold_to_account(service, service.tills)

    did(f"{cuts} power cuts; {sentence}")


def test_a_service_that_does_not_wait_for_the_disk_is_seen_to_lose(tmp_path, dice, did, not_run):
    cuts = 3

    with shop_on_a_disk(tmp_path, not_run, "tests.faults.careless:serve --factory") as (service, disk):
        with at_work(service.tills, service.codes, dice):
            for _ in range(cuts):
                live_and_lose_power(service, disk, dice)
        for till in service.tills:
            till.hang_up()
        ledger, _ = service.written()

    told = {id for till in service.tills for id, status in till.told.items() if status == "applied"}
    did(f"with synchronous=NORMAL, {cuts} power cuts lost {len(told - ledger.keys())} of {len(told)} events")
    assert told - ledger.keys()


@contextmanager
def shop_on_a_disk(folder, not_run, target=""):
    """A service whose data is on an ext4 of its own, and the disk."""
    try:
        disk = disks.Ext4(folder, megabytes=256)
        disk.mount()
    except disks.NoDisk as missing:
        not_run(str(missing))
    service = None
    try:
        service = Service(disk.place / "data", target=target)
        yield service, disk
    finally:
        if service is not None:
            service.kill()
        disk.unmount()


def live_and_lose_power(service, disk, dice):
    """Serve for a moment; then the disk takes nothing more, the service is gone, and the machine starts again."""
    service.launch()
    service.wait_until_at_work()
    time.sleep(dice.uniform(0, LONGEST_LIFE_SECONDS))
    service.signal(signal.SIGSTOP)
    disk.cut_power()
    service.kill()
    disk.unmount()
    disk.mount()
