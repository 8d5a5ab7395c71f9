"""Killed at any step or let down by its disk, a backup is whole or not there, a shop the old one or the new one."""

import os

import pytest

from api import backup, db
from api.ids import now_ms
from tests.backup.conftest import ON_SQLITE, epoch, keys, rows
from tests.backup.killed import killed_at


class FailingDisk:
    """The operating system, whose n-th durable step fails."""

    STEPS = ("fsync", "link", "rename", "replace")

    def __init__(self, n):
        self.left = n

    def __getattr__(self, name):
        return self._counted(name) if name in self.STEPS else getattr(os, name)

    def _counted(self, name):
        def step(*words):
            self.left -= 1
            if self.left == 0:
                raise OSError(28, "No space left on device")
            return getattr(os, name)(*words)

        return step


@ON_SQLITE
def test_a_backup_whose_disk_fails_is_not_there(app, file, business, monkeypatch):
    for n in (1, 2):
        monkeypatch.setattr(backup, "os", FailingDisk(n))
        with pytest.raises(OSError, match="No space"):
            backup.save(db.database(), file, keys=keys(app), now=now_ms())

        assert list(file.parent.iterdir()) == []


@ON_SQLITE
def test_a_restore_whose_disk_fails_leaves_the_old_shop_or_the_new_one(
    app, run, file, shop_with_everything, monkeypatch
):
    till, card = shop_with_everything
    backed_up, began = rows(db.database()), epoch(db.database())
    run("backup", file)
    till.send(till.stamp(card))
    going_on = rows(db.database())

    failures, failed = 0, True
    while failed:
        failures += 1
        disk = FailingDisk(failures)
        monkeypatch.setattr(backup, "os", disk)
        failed = run("restore", file).exit_code != 0 or disk.left <= 0
        whole = backed_up if epoch(db.database()) != began else going_on
        assert rows(db.database()) == whole

    assert failures > 4
    assert rows(db.database()) == backed_up


def test_a_backup_killed_at_any_step_is_not_there_or_whole(app, file, shop_with_everything):
    n, there, settings = 0, [], app.extensions["tenth.settings"]
    app.extensions["tenth.live"].close()
    while True:
        n += 1
        was_killed = killed_at(n, settings, "backup", file)
        there.append(file.exists())
        if there[-1]:
            backup.restore(db.database(), file, keys=keys(app), now=now_ms())
            file.unlink()
        if not was_killed:
            break

    assert there[:3] == [False] * 3
    assert there[-2:] == [True] * 2


def test_a_restore_killed_at_any_step_leaves_the_old_shop_or_the_new_one(app, run, file, shop_with_everything):
    till, card = shop_with_everything
    backed_up, began = rows(db.database()), epoch(db.database())
    run("backup", file)
    till.send(till.stamp(card))
    going_on = rows(db.database())
    app.extensions["tenth.live"].close()

    n, settings = 0, app.extensions["tenth.settings"]
    while True:
        n += 1
        db.database().close()
        was_killed = killed_at(n, settings, "restore", file)
        assert rows(db.database()) == (backed_up if epoch(db.database()) != began else going_on)
        if not was_killed:
            break

    assert n > 4
    assert rows(db.database()) == backed_up
    assert run("verify").exit_code == 0
