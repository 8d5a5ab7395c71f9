"""When stamps and rewards run out: only where the owner said so, and counted from the last visit."""

import pytest

from rules.card import Figures
from rules.expiry import DAY_MS, Expiry, Warned, expiry, warnings
from rules.programme import Terms

LAST = 1_800_000_000_000


def runs_out(*, stamps=3, rewards=1, last=LAST, **days):
    figures = Figures(1, 10, total=stamps, earned=rewards, last_stamp_at=last)
    return expiry(figures, Terms(stamps_needed=10, reward="a free coffee", **days))


def test_nothing_runs_out_unless_the_owner_said_so():
    assert runs_out() == Expiry(None, None)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ({"stamps_expire_days": 30}, Expiry(LAST + 30 * DAY_MS, None)),
        ({"rewards_expire_days": 60}, Expiry(None, LAST + 60 * DAY_MS)),
        ({"stamps_expire_days": 30, "rewards_expire_days": 60}, Expiry(LAST + 30 * DAY_MS, LAST + 60 * DAY_MS)),
    ],
)
def test_stamps_and_rewards_each_run_out_so_many_days_after_the_last_stamp(days, expected):
    assert runs_out(**days) == expected


def test_what_is_not_there_does_not_run_out():
    assert runs_out(stamps=0, rewards=0, stamps_expire_days=30, rewards_expire_days=30) == Expiry(None, None)


def test_a_card_that_was_never_stamped_keeps_its_welcome():
    assert runs_out(last=None, stamps_expire_days=30) == Expiry(None, None)


def told(days_left, *, stamps=3, rewards=2, **days):
    """What a customer is told so many days before the shortest of these periods ends."""
    figures = Figures(1, 10, total=stamps, earned=rewards, last_stamp_at=LAST)
    terms = Terms(stamps_needed=10, reward="a free coffee", **days)
    return warnings(figures, terms, LAST + round((min(days.values()) - days_left) * DAY_MS))


@pytest.mark.parametrize(("days_left", "n"), [(31, 0), (30, 1), (1, 1), (0, 0)])
def test_a_customer_is_told_from_thirty_days_before(days_left, n):
    assert len(told(days_left, stamps_expire_days=90)) == n


@pytest.mark.parametrize(("days_left", "n"), [(11, 0), (10, 1)])
def test_of_a_short_period_the_second_half_is_warned_of(days_left, n):
    assert len(told(days_left, stamps_expire_days=20)) == n


def test_the_warning_says_what_runs_out_how_many_and_when():
    assert told(5, stamps_expire_days=60, rewards_expire_days=70) == [
        Warned("stamps", 3, LAST + 60 * DAY_MS),
        Warned("rewards", 2, LAST + 70 * DAY_MS),
    ]


def test_less_than_a_stamp_is_no_reason_to_warn():
    figures = Figures(1, 5000, total=499, last_stamp_at=LAST, unit=500)
    terms = Terms(10, "a free coffee", stamp_for="spend", spend_per_stamp=500, stamps_expire_days=10)

    assert warnings(figures, terms, LAST + 9 * DAY_MS) == []
    assert expiry(figures, terms).stamps_at == LAST + 10 * DAY_MS
