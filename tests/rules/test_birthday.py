"""When a birthday is celebrated: on its day, and where nobody could on that day, in the week after."""

from datetime import date

import pytest

from rules.birthday import is_celebrated


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 5, 16), False),
        (date(2026, 5, 17), True),
        (date(2026, 5, 23), True),
        (date(2026, 5, 24), False),
    ],
)
def test_on_its_day_and_six_days_after(today, expected):
    assert is_celebrated(5, 17, today) is expected


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2027, 2, 27), False),
        (date(2027, 2, 28), True),
        (date(2028, 2, 28), False),
        (date(2028, 2, 29), True),
        (date(2100, 2, 28), True),
    ],
)
def test_who_was_born_on_29_february_celebrates_every_year(today, expected):
    assert is_celebrated(2, 29, today) is expected


def test_a_birthday_in_the_last_days_of_a_year_is_made_good_in_the_next():
    assert is_celebrated(12, 30, date(2027, 1, 3))
    assert not is_celebrated(12, 30, date(2027, 1, 6))
