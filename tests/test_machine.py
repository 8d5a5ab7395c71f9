"""Whatever tills, owners and the network do to a shop, it comes out right; and a bug in the counting is noticed."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.machine import Machine
from tests.mutants.bugs import BUGS, planted
from tests.world import open_database

CALM = settings(deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
# A bug needs no smallest story, only to be met; it is met well before so many.
HUNT = settings(CALM, max_examples=400, stateful_step_count=40, phases=[Phase.generate], report_multiple_bugs=False)


def play(address: str, folder: Path, how: settings) -> None:
    """Let the machine run on this database."""
    database = open_database(address, str(folder))
    try:
        run_state_machine_as_test(type("Trial", (Machine,), {"database": database}), settings=how)
    finally:
        database.close()


def test_a_shop_in_trouble_comes_out_right(database, tmp_path):
    examples = 100 if database.startswith("sqlite") else 12

    play(database, tmp_path, settings(CALM, max_examples=examples, stateful_step_count=40))


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_planted_bug_is_noticed(bug, database, tmp_path):
    with planted(bug), pytest.raises(Exception):  # noqa: B017, PT011  (any way to notice will do)
        play(database, tmp_path, HUNT)
