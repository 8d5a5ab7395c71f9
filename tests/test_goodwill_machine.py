"""Whoever gives, uses, undoes and takes back in whatever order, over months: the budget holds and all of it adds up."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from api.actions import goodwill
from api.actions import vouchers as voucher_actions
from api.store import goodwill as store
from tests.goodwill_machine import GoodwillMachine
from tests.world import open_database

CALM = settings(deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
HUNT = settings(
    CALM, max_examples=100, stateful_step_count=40, phases=[Phase.generate], report_multiple_bugs=False
)  # fmt: skip


def play(address, folder, how):
    database = open_database(address, str(folder))
    try:
        run_state_machine_as_test(type("Trial", (GoodwillMachine,), {"database": database}), settings=how)
    finally:
        database.close()


def test_a_year_of_complaints_comes_out_right(database, tmp_path):
    examples = 30 if database.startswith("sqlite") else 5

    play(database, tmp_path, settings(CALM, max_examples=examples, stateful_step_count=40))


# What a bug would do: where, and what is done there instead.
BUGS = {
    "a budget that forgets": (store, "spent", lambda *_, **__: 0),
    "a day that forgets": (store, "given_since", lambda *_, **__: 0),
    "what was taken back stays spent": (voucher_actions, "take_back", lambda *_, **__: None),
    "everybody is the owner": (goodwill, "giver", lambda _, caller: goodwill.Giver(caller.name, by_owner=True)),
    "a refusal that is none": (voucher_actions, "_refusal", lambda *_: RuntimeError("it was used")),
}


@pytest.mark.parametrize("bug", BUGS)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_planted_bug_is_noticed(database, tmp_path, monkeypatch, bug):
    module, name, instead = BUGS[bug]
    monkeypatch.setattr(module, name, instead)

    with pytest.raises(Exception):  # noqa: B017, PT011  (any way to notice will do)
        play(database, tmp_path, HUNT)
