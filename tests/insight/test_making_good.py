"""What the cases of a period show, from where each stands."""

import pytest

from insight.making_good import Case, figures


@pytest.mark.parametrize(
    ("waits", "half"),
    [
        ([], None),
        ([None], None),
        ([7], 7),
        ([7, None], 7),
        ([9, 7, None], 9),
        ([7, None, None], None),
        ([3, 1, 2, 9], 2),
    ],
)
def test_half_are_answered_within_a_time_and_who_still_waits_counts_as_longest(waits, half):
    cases = [Case(100, None if wait is None else 100 + wait, "open", None) for wait in waits]

    assert figures(cases).half_answered_ms == half


def test_an_answer_from_before_it_was_opened_took_no_time():
    assert figures([Case(100, 90, "open", None)]).half_answered_ms == 0
