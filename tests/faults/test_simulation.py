"""A street of tills in every kind of trouble: what people were shown is what the ledger says; a bug is noticed."""

import random
import shutil
import time

import pytest

from tests.mutants.bugs import planted
from tests.mutants.on_the_street import IN_THE_SERVICE, IN_THE_TILL
from tests.simulation import laws
from tests.simulation.street import STORM, Street

# A planted bug is met well before so many steps.
HUNT_STEPS = 3000
HUNT_SEED = 10


def play(street: Street, steps: int, *, settle_every: int) -> None:
    """So many steps; now and then, and at the end, everything is delivered and the books are checked."""
    with street.service.by_this_clock():
        try:
            street.open()
            for number in range(1, steps + 1):
                street.step()
                if number % settle_every == 0 or number == steps:
                    laws.deliver(street)
                    street.outcome = laws.check_books(street)
        finally:
            street.service.stop()


def test_what_people_were_shown_is_what_the_ledger_says(database, tmp_path, steady_dice, did, how_many):
    steps = how_many(20_000, 200_000) if database.startswith("sqlite") else how_many(1_000, 10_000)
    start = time.monotonic()
    street = Street(database, tmp_path, steady_dice)

    play(street, steps, settle_every=5000)

    became = ", ".join(f"{count} {what}" for what, count in street.outcome.most_common())
    did(f"{steps} steps in {time.monotonic() - start:.0f} s, {street.life} restores; of all that was said, {became}")
    assert street.outcome["counted"] > steps / 10


def test_one_seed_makes_the_same_steps(migrated_sqlite, tmp_path):
    journals = []
    for name in ("first", "second"):
        folder = tmp_path / name
        folder.mkdir()
        shutil.copy(migrated_sqlite, folder / "tenth.db")
        street = Street(f"sqlite:///{folder / 'tenth.db'}", folder, random.Random(HUNT_SEED), chances=STORM)
        play(street, 400, settle_every=200)
        journals.append(street.journal.hexdigest())

    assert journals[0] == journals[1]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_hunted_street_is_sound(database, tmp_path):
    """What the hunt below finds is the bug: without one, the same steps end well."""
    play(Street(database, tmp_path, random.Random(HUNT_SEED), chances=STORM), HUNT_STEPS, settle_every=250)


@pytest.mark.parametrize("bug", IN_THE_SERVICE + IN_THE_TILL, ids=lambda bug: bug.name)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_planted_bug_is_noticed_on_the_street(bug, database, tmp_path):
    street = Street(database, tmp_path, random.Random(HUNT_SEED), chances=STORM)

    with planted(bug), pytest.raises(Exception):  # noqa: B017, PT011  (any way to notice will do)
        play(street, HUNT_STEPS, settle_every=250)
