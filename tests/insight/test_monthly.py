"""A calendar month of a shop: where it begins and ends, what happened in it, and how things stood at its end."""

from datetime import UTC, date, datetime

import pytest

from insight.monthly import change, earlier, month, span
from tests.insight.ledgers import DAY, HOUR, START, ledger, promise, redeem, stamp

WARSAW = "Europe/Warsaw"
# START is the fifth of January 2026.
JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)
LATER = START + 300 * DAY


def moment(*parts):
    """A moment in UTC, in ms."""
    return int(datetime(*parts, tzinfo=UTC).timestamp() * 1000)


def test_a_month_begins_and_ends_at_the_shop_s_own_midnights():
    march = span(date(2026, 3, 1), zone=WARSAW, now=LATER)

    assert (march.since, march.until) == (moment(2026, 2, 28, 23), moment(2026, 3, 31, 22))
    assert march.length == 31 * DAY - HOUR  # the clocks go forward in it
    assert march.is_over


def test_the_month_before_january_is_december_and_a_year_before_it_is_january():
    january = span(JANUARY, zone=WARSAW, now=LATER)

    assert earlier(january, 1, zone=WARSAW).first == date(2025, 12, 1)
    assert earlier(january, 12, zone=WARSAW).first == date(2025, 1, 1)


def test_a_month_that_is_not_over_is_held_against_as_much_of_the_others():
    tenth = span(date(2026, 3, 1), zone="UTC", now=moment(2026, 3, 10, 12))
    last = span(date(2026, 3, 1), zone="UTC", now=moment(2026, 3, 31, 12))

    assert not tenth.is_over
    assert earlier(tenth, 1, zone="UTC").until == moment(2026, 2, 10, 12) + 1
    assert earlier(last, 1, zone="UTC").until == moment(2026, 3, 1)


def test_a_month_that_has_not_begun_is_none():
    assert span(FEBRUARY, zone=WARSAW, now=moment(2026, 1, 31, 23)).length == 1
    with pytest.raises(ValueError, match="2026-02 has not begun"):
        span(FEBRUARY, zone=WARSAW, now=moment(2026, 1, 31, 22))


def test_a_month_counts_what_happened_in_it_and_stands_as_at_its_end():
    first, second = 27, 28  # the 1st and 2nd of February
    lines = [stamp(0, 0, 4), stamp(0, first), stamp(0, first, hour=18), stamp(1, second, 9), redeem(1, second)]
    lines += [stamp(1, second + 28, 9), redeem(1, second + 28)]  # in March
    made = [0, second * DAY]

    found = month(ledger(*lines, promises=[promise(needed=9)], made=made), span(FEBRUARY, zone="UTC", now=LATER))

    assert (found.visits, found.by_day.tolist()) == (2, [1, 1] + [0] * 26)
    assert (found.new_cards, found.active.value, found.active.n) == (1, 2, 2)
    assert (found.cost.n, found.cost.at_least, found.cost.since) == (1, 240, moment(2026, 2, 1))
    assert (found.owed.rewards, found.owed.stamps) == (0, 6)
    assert found.is_whole


def test_a_reward_at_the_stroke_of_the_first_belongs_to_the_new_month():
    columns = ledger(stamp(0, 0, 20), redeem(0, 27, hour=0))

    assert month(columns, span(JANUARY, zone="UTC", now=LATER)).cost is None
    assert month(columns, span(FEBRUARY, zone="UTC", now=LATER)).cost.n == 1


def test_a_month_the_shop_began_in_is_no_whole_one_and_before_it_there_is_none():
    columns = ledger(stamp(0, 2), made=[2 * DAY])

    assert not month(columns, span(JANUARY, zone="UTC", now=LATER)).is_whole
    assert month(columns, span(date(2025, 12, 1), zone="UTC", now=LATER)) is None


def test_a_change_that_chance_makes_is_none_and_months_of_different_length_are_held_by_their_days():
    lines = [stamp(card, 27 + day) for day in range(28) for card in range(4)]  # four a day in February
    lines += [stamp(card, 55 + day) for day in range(31) for card in range(4)]  # and in March
    lines += [stamp(card, 86 + day) for day in range(30) for card in range(8)]  # twice as many in April
    columns = ledger(*lines)
    february, march, april = (month(columns, span(date(2026, n, 1), zone="UTC", now=LATER)) for n in (2, 3, 4))

    assert march.visits > february.visits
    assert change(march, february) is None
    assert change(april, march) == pytest.approx(1)
