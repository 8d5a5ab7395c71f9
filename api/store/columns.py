"""The ledger of one business as columns, kept as files beside the database and brought up to date when they are read.

What is new is found exactly and without trusting clocks: every card names its last event and every event the one
before it (see chains), and the files remember the last event of every card.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, bindparam, select

from api.columns_file import CARDS, EVENTS, Arrays, Damaged, Files, Manifest
from api.db import Statement
from api.store import chains, service
from api.store.chains import Broken, CardRow, Line
from api.tables.businesses import Business
from api.tables.programmes import Programme, ProgrammeVersion
from api.tables.shops import Shop
from insight import columns as insight
from insight.columns import KINDS, MAIN, REDEEM, Columns, Item, Promise, Reward

# Lines kept in memory before they are written.
_LINES_AT_ONCE = 100_000
_NONE = bytes(16)
# What the columns of two bytes hold. No shop has as many; what a till says was picked might be anything.
_HIGHEST_NUMBER = 32_767

Progress = Callable[[int, int], None]


def columns(
    connection: Connection, business_id: int, files: Files, *, progress: Progress = lambda done, of: None
) -> Columns:
    """The columns as the ledger is now; `files` are those of this business, held while this runs.

    progress hears how many cards have been looked at, and how many there are. What it raises ends this; what has been
    read by then is kept, and the next call goes on from there.
    """
    epoch = service.epoch(connection)
    try:
        return _brought_up_to_date(connection, business_id, files, epoch, progress)
    except (Damaged, Broken):
        files.forget()
        return _brought_up_to_date(connection, business_id, files, epoch, progress)


def _brought_up_to_date(
    connection: Connection, business_id: int, files: Files, epoch: str, progress: Progress
) -> Columns:
    manifest = files.manifest(epoch)
    update = _Update(connection, business_id, files, manifest)
    of, looked_at = chains.how_many(connection, business_id), 0
    for page in chains.every_card(connection, business_id):
        update.look_at(page)
        looked_at += len(page)
        try:
            progress(looked_at, max(looked_at, of))
        except BaseException:
            update.keep()
            raise
    manifest = update.keep()
    if update.not_seen:
        raise Damaged(f"{update.not_seen} cards are not in the ledger")
    return _as_columns(connection, business_id, files, manifest)


_B = bindparam("business_id")
_PROGRAMMES = Statement(select(Programme.id, Programme.name).where(Programme.business_id == _B).order_by(Programme.id))
_VERSIONS = Statement(
    select(
        ProgrammeVersion.programme_id, ProgrammeVersion.policy, ProgrammeVersion.number, ProgrammeVersion.stamps_needed,
        ProgrammeVersion.unit_cost, ProgrammeVersion.unit_price, ProgrammeVersion.created_at,
        ProgrammeVersion.welcome_stamps, ProgrammeVersion.spend_per_stamp, ProgrammeVersion.reward,
        ProgrammeVersion.choices, ProgrammeVersion.tiers,
    )
    .where(ProgrammeVersion.business_id == _B)
    .order_by(ProgrammeVersion.number)
)  # fmt: skip
_SHOPS = Statement(select(Shop.id, Shop.name).where(Shop.business_id == _B).order_by(Shop.id))
_ZONE = Statement(select(Business.time_zone).where(Business.id == _B))
_NUMBER_OF_KIND = {kind: number for number, kind in enumerate(KINDS)}


class _Update:
    """Files on their way to what the ledger is: of every page of cards that was looked at they will hold all."""

    def __init__(self, connection: Connection, business_id: int, files: Files, manifest: Manifest) -> None:
        self._connection, self._business_id, self._files = connection, business_id, files
        self._before = self._manifest = manifest
        self._known = dict(files.cards(manifest))
        self._known["last_event"] = self._known["last_event"].copy()
        self._order = np.argsort(self._known["id"], kind="stable")
        self._in_order = self._known["id"][self._order]
        self._new: list[Arrays] = []
        self._size = self.not_seen = manifest.cards
        self._programmes = _Numbers(manifest.programmes, _PROGRAMMES.all(connection, business_id=business_id))
        self._shops = _Numbers(manifest.shops, _SHOPS.all(connection, business_id=business_id))
        self._items = _Numbers(manifest.items, [])
        self._lines: list[tuple[int, ...]] = []
        self._ids: list[bytes] = []
        # Voids of lines that an earlier update wrote: where each stands among the lines, its card, what it undoes.
        self._late_voids: list[tuple[int, int, bytes]] = []

    def look_at(self, page: list[CardRow]) -> None:
        """Take in what is new on these cards."""
        ids, last = _as_array(row.id for row in page), _as_array(row.last_event_id for row in page)
        numbers, is_known = self._numbers_of(ids)
        self.not_seen -= int(is_known.sum())
        known = np.where(is_known, self._known["last_event"][numbers] if len(self._order) else last, b"")
        numbers[~is_known] = self._size + np.arange(len(page) - is_known.sum())

        changed = np.flatnonzero(last != known)
        ends = [page[n].last_event_id for n in changed], _as_ids(known[changed])
        grown = chains.new_lines(self._connection, self._business_id, *ends)
        for number, lines in zip(numbers[changed].tolist(), grown, strict=True):
            self._take_in(number, lines)
            if len(self._lines) >= _LINES_AT_ONCE:
                self._write()
        self._known["last_event"][numbers[is_known]] = last[is_known]
        self._add([row for row, old in zip(page, is_known, strict=True) if not old])

    def keep(self) -> Manifest:
        """Let what was taken in count; returns the manifest of it."""
        if self._lines:
            self._write()
        named = replace(
            self._manifest, programmes=self._programmes.names, shops=self._shops.names, items=self._items.names
        )
        if self._new or named != self._before:
            cards = {name: np.concatenate([self._known[name], *(part[name] for part in self._new)]) for name in CARDS}
            self._manifest = self._before = self._files.commit(named, cards)
        return self._manifest

    def _numbers_of(self, ids: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """The number of each card that is known, and which are."""
        if not len(self._order):
            return np.zeros(len(ids), dtype=np.int64), np.zeros(len(ids), dtype=bool)
        place = np.minimum(np.searchsorted(self._in_order, ids), len(self._order) - 1)
        return self._order[place], self._in_order[place] == ids

    def _add(self, rows: list[CardRow]) -> None:
        """Give new cards their numbers."""
        if rows:
            self._new.append({
                "programme": np.array([self._programmes.of(row.programme_id) for row in rows]),
                "shop": np.array([self._shops.of(row.shop_id) for row in rows]),
                "first_version": np.array([row.first_version for row in rows]),
                "created_at": np.array([row.created_at for row in rows]),
                "id": _as_array(row.id for row in rows),
                "last_event": _as_array(row.last_event_id for row in rows),
            })  # fmt: skip
            self._size += len(rows)

    def _take_in(self, number: int, lines: Iterable[Line]) -> None:
        """Take in the new lines of one card."""
        places: dict[bytes | None, int] = {}
        for line in lines:
            place = self._manifest.events + len(self._lines)
            places[line.id] = place
            undoes = -1
            if line.ref is not None:
                undoes = places.get(line.ref, -1)
                if undoes < 0:
                    self._late_voids.append((len(self._lines), number, line.ref))
            at = min(line.happened_at, line.received_at)
            kind, shop = _NUMBER_OF_KIND[line.kind], self._shops.of(line.shop_id)
            # With a stamp it is what was bought, which no figure asks for.
            picked = line.item if kind == REDEEM else None
            item = -1 if picked is None else self._items.of(picked.encode())
            self._lines.append(
                (number, kind, line.stamps, line.rewards, at, line.version, shop, undoes, line.units, line.tier or MAIN,
                 item)
            )  # fmt: skip
            self._ids.append(line.id)

    def _write(self) -> None:
        """Put the lines into the files, where they do not count yet."""
        lines: dict[str, NDArray[Any]] = {"id": _as_array(self._ids)}
        for name, values in zip((each for each in EVENTS if each != "id"), zip(*self._lines, strict=True), strict=True):
            lines[name] = np.array(values, dtype=EVENTS[name])
        if self._late_voids:
            here, numbers, refs = zip(*self._late_voids, strict=True)
            lines["voids"][list(here)] = self._places_of(refs, numbers)
        self._manifest = self._files.append(self._manifest, lines)
        self._lines, self._ids, self._late_voids = [], [], []

    def _places_of(self, ids: Sequence[bytes], cards: Sequence[int]) -> list[int]:
        """Where the events of earlier updates stand, which these cards have."""
        before = self._files.events(self._before, "card", "id")
        theirs = np.flatnonzero(np.isin(before["card"], cards))
        places = dict(zip(_as_ids(before["id"][theirs]), theirs.tolist(), strict=True))
        try:
            return [places[id] for id in ids]
        except KeyError:
            raise Damaged("a void undoes what is not there") from None


class _Numbers:
    """Small numbers for ids, in the order in which they first come up; -1 when there are no more."""

    def __init__(self, names: list[str], rows: list[tuple[Any, ...]]) -> None:
        self._numbers: dict[bytes | None, int] = {bytes.fromhex(name): n for n, name in enumerate(names)}
        for row in rows:
            self.of(row[0])

    @property
    def names(self) -> list[str]:
        """The ids in the order of their numbers, in hexadecimal."""
        return [id.hex() for id in self._numbers if id is not None]

    def of(self, id: bytes | None) -> int:
        """The number of this id, -1 for none."""
        if id is None or (id not in self._numbers and len(self._numbers) > _HIGHEST_NUMBER):
            return -1
        return self._numbers.setdefault(id, len(self._numbers))


def _as_columns(connection: Connection, business_id: int, files: Files, manifest: Manifest) -> Columns:
    cards, events = files.cards(manifest), files.events(manifest, *(name for name in EVENTS if name != "id"))
    programmes = {row[0].hex(): row for row in _PROGRAMMES.all(connection, business_id=business_id)}
    shops = {row[0].hex(): row[1] for row in _SHOPS.all(connection, business_id=business_id)}
    zone = _ZONE.one(connection, business_id=business_id)
    if zone is None or set(manifest.programmes) - programmes.keys() or set(manifest.shops) - shops.keys():
        raise Damaged("a programme or shop is not in the database")
    versions: dict[bytes, list[Promise]] = {}
    for row in _VERSIONS.all(connection, business_id=business_id):
        versions.setdefault(row[0], []).append(_promise(*row[1:]))
    found = [programmes[id] for id in manifest.programmes]
    return Columns(
        insight.Cards(*(cards[name] for name in ("programme", "shop", "first_version", "created_at"))),
        insight.Events(**events),
        tuple(insight.Programme(name, tuple(versions[id]), id) for id, name in found),
        tuple(shops[id] for id in manifest.shops),
        zone[0],
        _as_ids(cards["id"]),
        tuple(bytes.fromhex(name).decode() for name in manifest.items),
    )


def _promise(policy: str, *row: Any) -> Promise:
    *plain, spend_per_stamp, reward, choices, tiers = row
    return Promise(
        *plain,
        keeps_better=policy == "better",
        spend_per_stamp=spend_per_stamp,
        reward=reward,
        choices=_items(json.loads(choices or "[]")),
        tiers=tuple(
            Reward(tier["key"], tier["at"], _items([tier | {"name": tier["reward"]}, *tier["choices"]]), tier["once"])
            for tier in json.loads(tiers or "[]")
        ),
    )


def _items(plain: list[dict[str, Any]]) -> tuple[Item, ...]:
    return tuple(Item(each["name"], each["unit_cost"], each["unit_price"]) for each in plain)


def _as_array(ids: Iterable[bytes | None]) -> NDArray[Any]:
    """Ids as an array; none is sixteen zeros."""
    return np.array([id or b"" for id in ids], dtype="S16")


def _as_ids(array: NDArray[Any]) -> list[bytes | None]:
    """See `_as_array`. Numpy's own way to bytes would leave out zeros at the end of an id."""
    whole = array.tobytes()
    ids = [whole[n : n + 16] for n in range(0, len(whole), 16)]
    return [None if id == _NONE else id for id in ids]
