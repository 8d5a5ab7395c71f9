"""A business's columns on disk: arrays of events that only grow, the cards, and a manifest of how much of them counts.

What lies beyond the manifest's count was being written when the power went, and is written over. Everything has a
checksum: what is not as it was written is Damaged, and whoever finds that makes the columns anew from the ledger.
"""

import fcntl
import json
import os
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.db import Busy

# Goes up with every change of what the files hold; files of another format are made anew.
FORMAT = 2
# What is kept of an event and of a card, under the names of insight/columns.py, beside the ids the ledger knows.
EVENTS = {
    "card": "<i4", "kind": "<u1", "stamps": "<i4", "rewards": "<i2", "at": "<i8", "version": "<i2", "shop": "<i2",
    "voids": "<i4", "units": "<i8", "tier": "<u1", "item": "<i2", "id": "S16",
}  # fmt: skip
CARDS = {
    "programme": "<i2", "shop": "<i2", "first_version": "<i2", "created_at": "<i8", "id": "S16", "last_event": "S16",
}  # fmt: skip
MANIFEST = "manifest.json"
LOCK = "lock"

Arrays = Mapping[str, NDArray[Any]]


class Damaged(Exception):
    """The files are not what was written."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What counts, and the CRC-32 of it file by file.

    programmes, shops: ids in hexadecimal, by their numbers; items: names of what was picked, the same way.
    """

    epoch: str
    format: int = FORMAT
    cards: int = 0
    cards_file: str = ""
    events: int = 0
    programmes: list[str] = field(default_factory=list)
    shops: list[str] = field(default_factory=list)
    items: list[str] = field(default_factory=list)
    checks: dict[str, int] = field(default_factory=dict)


@contextmanager
def held(folder: Path) -> Iterator["Files"]:
    """The files in this folder, for one at a time: threads and processes wait for each other. The folder is made.

    Raises Busy when the disk cannot now.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(folder / LOCK, os.O_RDONLY | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield Files(folder)
        finally:
            os.close(lock)
    except OSError as error:
        raise Busy(str(error)) from error


class Files:
    """The files of one business. What `append` writes counts once `commit` has put it into the manifest."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def manifest(self, epoch: str) -> Manifest:
        """What counts in this epoch of the database: nothing while the files are of another one, or of another format.

        Raises Damaged.
        """
        try:
            check, _, text = (self._folder / MANIFEST).read_bytes().partition(b"\n")
        except FileNotFoundError:
            return Manifest(epoch)
        if check != _check(text):
            raise Damaged(f"{MANIFEST} is not what was written")
        said = json.loads(text)
        return Manifest(**said) if (said["format"], said["epoch"]) == (FORMAT, epoch) else Manifest(epoch)

    def cards(self, manifest: Manifest) -> Arrays:
        """The cards, by their numbers. Raises Damaged."""
        sizes = {name: np.dtype(kind).itemsize * manifest.cards for name, kind in CARDS.items()}
        whole = self._read(manifest, manifest.cards_file, sum(sizes.values()))
        arrays, begin = {}, 0
        for name, kind in CARDS.items():
            arrays[name] = np.frombuffer(whole[begin : begin + sizes[name]], dtype=kind)
            begin += sizes[name]
        return arrays

    def events(self, manifest: Manifest, *names: str) -> Arrays:
        """Some columns of the events. Raises Damaged."""
        sizes = {name: np.dtype(EVENTS[name]).itemsize * manifest.events for name in names}
        return {name: np.frombuffer(self._read(manifest, name, sizes[name]), dtype=EVENTS[name]) for name in names}

    def append(self, manifest: Manifest, lines: Arrays) -> Manifest:
        """Write events behind those that count; returns the manifest in which they count too, for `commit`."""
        checks = dict(manifest.checks)
        for name, kind in EVENTS.items():
            added = np.asarray(lines[name], dtype=kind).tobytes()
            with os.fdopen(self._open(name), "r+b") as file:
                file.truncate(np.dtype(kind).itemsize * manifest.events)
                file.seek(0, os.SEEK_END)
                file.write(added)
            checks[name] = zlib.crc32(added, checks.get(name, 0))
        return replace(manifest, events=manifest.events + len(lines["card"]), checks=checks)

    def commit(self, manifest: Manifest, cards: Arrays) -> Manifest:
        """Let what was appended count, with the cards as they are now: all of it or, if the power goes, nothing."""
        old, name = manifest.cards_file, "cards-1" if manifest.cards_file != "cards-1" else "cards-2"
        whole = b"".join(np.asarray(cards[column], dtype=kind).tobytes() for column, kind in CARDS.items())
        checks = {each: check for each, check in manifest.checks.items() if each != old} | {name: zlib.crc32(whole)}
        manifest = replace(manifest, cards=len(cards["id"]), cards_file=name, checks=checks)
        self._write(name, whole)
        for each in EVENTS:
            _sync(self._open(each))
        text = json.dumps(asdict(manifest)).encode()
        self._write(f"{MANIFEST}.new", _check(text) + b"\n" + text)
        os.replace(self._folder / f"{MANIFEST}.new", self._folder / MANIFEST)
        _sync(os.open(self._folder, os.O_RDONLY))
        return manifest

    def forget(self) -> None:
        """Away with everything, so that it is made anew."""
        for path in self._folder.iterdir():
            if path.name != LOCK:
                path.unlink()

    def _read(self, manifest: Manifest, name: str, size: int) -> bytes:
        if not size:
            return b""
        try:
            with (self._folder / name).open("rb") as file:
                whole = file.read(size)
        except FileNotFoundError as error:
            raise Damaged(str(error)) from None
        if len(whole) != size or zlib.crc32(whole) != manifest.checks.get(name):
            raise Damaged(f"{name} is not what was written")
        return whole

    def _write(self, name: str, whole: bytes) -> None:
        with os.fdopen(self._open(name), "r+b") as file:
            file.truncate(0)
            file.write(whole)
            file.flush()
            os.fsync(file.fileno())

    def _open(self, name: str) -> int:
        return os.open(self._folder / name, os.O_RDWR | os.O_CREAT, 0o600)


def _check(text: bytes) -> bytes:
    return f"{zlib.crc32(text):08x}".encode()


def _sync(handle: int) -> None:
    """Let a file's content, or a folder's names, be on disk."""
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
