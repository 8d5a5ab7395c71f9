"""Disks that a trial may fill, break and cut the power of: a small one in memory, and an ext4 in a file."""

import errno
import fcntl
import os
import shutil
import struct
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# EXT4_IOC_SHUTDOWN and its flag NOLOGFLUSH (Linux, fs/ext4/ext4.h): from here on nothing more reaches the disk, what
# the journal has in memory included.
SHUT_DOWN, WITHOUT_FLUSH = 0x8004587D, 2
MEGABYTE = 1024 * 1024


class NoDisk(Exception):
    """This machine does not let us have such a disk; says why."""


@contextmanager
def in_memory(place: Path, *, megabytes: int) -> Iterator[Path]:
    """A disk of this size in memory. Raises NoDisk."""
    place.mkdir()
    _run("mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(place))
    try:
        yield place
    finally:
        unmount(place)


def fill(disk: Path) -> Path:
    """Take every byte there is; returns the file that holds them."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (MEGABYTE, 4096, 1):
            try:
                while True:
                    file.write(bytes(size))
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise
    return filler


class Ext4:
    """An ext4 in a file, mounted at `place`; a disk that breaks, or whose power is cut."""

    def __init__(self, folder: Path, *, megabytes: int) -> None:
        self.image, self.place = folder / "disk.image", folder / "disk"
        self.place.mkdir()
        with self.image.open("wb") as file:
            file.truncate(megabytes * MEGABYTE)
        _run("mkfs.ext4", "-q", str(self.image))

    def mount(self) -> None:
        """As a machine does when it starts: the journal is replayed. Raises NoDisk."""
        _run("mount", "-o", "loop,errors=remount-ro", str(self.image), str(self.place))

    def cut_power(self) -> None:
        """Nothing more reaches the disk; what was not flushed is gone."""
        handle = os.open(self.place, os.O_RDONLY)
        try:
            fcntl.ioctl(handle, SHUT_DOWN, struct.pack("I", WITHOUT_FLUSH))
        finally:
            os.close(handle)

    def break_down(self) -> None:
        """An error of the disk: ext4 turns read-only by itself, though files are open for writing."""
        device = subprocess.run(
            ["findmnt", "-no", "SOURCE", str(self.place)], check=True, capture_output=True, text=True
        ).stdout.strip()
        try:
            Path(f"/sys/fs/ext4/{Path(device).name}/trigger_fs_error").write_text("1")
        except OSError as error:
            raise NoDisk(f"ext4 cannot be told to break: {error}") from None

    def unmount(self) -> None:
        """Take the disk out, once nobody uses it."""
        unmount(self.place)


def unmount(place: Path) -> None:
    """Unmount as soon as whoever was killed has let go of it."""
    for _ in range(100):
        if not os.path.ismount(place):
            return
        if subprocess.run(["umount", str(place)], capture_output=True).returncode == 0:
            return
        time.sleep(0.05)
    raise RuntimeError(f"{place} cannot be unmounted")


def _run(*command: str) -> None:
    if os.geteuid() != 0:
        raise NoDisk("mounting a disk needs root")
    if shutil.which(command[0]) is None:
        raise NoDisk(f"there is no {command[0]}")
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise NoDisk(f"{' '.join(command)}: {done.stderr.strip()}")
