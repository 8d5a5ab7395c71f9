"""The columns have the words of the ledger, and know which of its lines still count."""

from api.tables.events import KINDS as IN_THE_LEDGER
from insight.columns import KINDS
from tests.insight.ledgers import Line, ledger, promise, stamp


def test_the_kinds_are_those_of_the_ledger():
    assert KINDS == IN_THE_LEDGER


def test_a_void_and_what_it_undoes_do_not_count_any_more():
    lines = ledger(stamp(0, 1), stamp(0, 2), Line(0, "void", -1, undoes=0))

    assert lines.events.standing().tolist() == [False, True, False]
    assert lines.events.undone().tolist() == [True, False, False]


def test_the_version_in_force_is_the_last_one():
    lines = ledger(promises=(promise(), promise(2, 8)))

    assert lines.programmes[0].current.stamps_needed == 8
