"""A disk that is full or has turned read-only: tills hear "not now", nobody hears a false "done"."""

import urllib.request

from tests.faults import disks
from tests.faults.service import Service, settle
from tests.faults.trouble import hold_to_promise, through


def test_a_full_disk_is_answered_with_not_now_and_heals_by_itself(tmp_path, dice, did, not_run):
    try:
        with disks.in_memory(tmp_path / "small", megabytes=32) as disk:
            service = Service(disk)
            service.start()
            try:
                heard = through(service, dice, begin=lambda: disks.fill(disk), end=(disk / "filler").unlink, seconds=3)
                sentence = settle(service)
            finally:
                service.kill()
    except disks.NoDisk as missing:
        not_run(str(missing))

    did(f"disk full: {hold_to_promise(heard)}; {sentence}")


def test_a_disk_that_turned_read_only_is_answered_with_not_now_and_cards_can_still_be_read(
    tmp_path, dice, did, not_run
):
    try:
        disk = disks.Ext4(tmp_path, megabytes=64)
        disk.mount()
    except disks.NoDisk as missing:
        not_run(str(missing))
    service, read = None, []

    def look_and_repair():
        read.append(look(service))
        service.kill()
        disk.unmount()
        disk.mount()
        service.start()

    try:
        service = Service(disk.place / "data")
        service.start()
        heard = through(service, dice, begin=disk.break_down, end=look_and_repair, seconds=3)
        sentence = settle(service)
    except disks.NoDisk as missing:
        not_run(str(missing))
    finally:
        if service is not None:
            service.kill()
        disk.unmount()

    did(f"disk read-only, then mounted anew and the service started again: {hold_to_promise(heard)}; {sentence}")
    assert read == [200]


def look(service):
    """The status of the first card's page."""
    with urllib.request.urlopen(f"http://127.0.0.1:{service.port}/api/v1/cards/{service.codes[0]}") as answer:
        return answer.status
