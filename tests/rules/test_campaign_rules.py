"""What campaigns give, to whom and when by the clock on the shop's wall, and what that costs."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from rules.campaigns import DAY_MS, Campaign, Gift, Visit, state
from rules.programme import BadTerms

WARSAW = ZoneInfo("Europe/Warsaw")
TUESDAY, FRIDAY, SUNDAY = 2, 5, 7


def moment(local, zone=WARSAW):
    """Milliseconds since 1970 of a local time; "again" is the second time the clock shows it."""
    time, _, again = local.partition(" ")
    return int(datetime.fromisoformat(time).replace(tzinfo=zone, fold=bool(again)).timestamp() * 1000)


def gets(campaign, local, zone=WARSAW, **visit):
    """What one stamp at this local time gets."""
    return campaign.gift(Visit(moment(local, zone), 1, **visit), zone)


def hours(*weekdays, since="14:00", until="16:00", **rules):
    minutes = [60 * int(time[:2]) + int(time[3:]) for time in (since, until)]
    rules = {"stamps": 1} | rules
    return Campaign("hours", weekdays=weekdays, from_minute=minutes[0], until_minute=minutes[1], **rules)


def test_double_stamps_on_tuesdays_from_two_to_four():
    campaign = hours(TUESDAY)

    assert gets(campaign, "2026-11-24T13:59:59") is None
    assert gets(campaign, "2026-11-24T14:00") == Gift(1, 0)
    assert gets(campaign, "2026-11-24T15:59:59") == Gift(1, 0)
    assert gets(campaign, "2026-11-24T16:00") is None
    assert gets(campaign, "2026-11-25T14:30") is None


def test_the_window_is_that_of_the_shop_wherever_the_service_runs():
    campaign, bangkok = hours(TUESDAY), ZoneInfo("Asia/Bangkok")

    assert gets(campaign, "2026-11-24T14:30", bangkok) == Gift(1, 0)
    assert campaign.gift(Visit(moment("2026-11-24T14:30", bangkok), 1), WARSAW) is None


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])  # the clock goes forward and back in that night
def test_the_window_stays_where_it_is_on_the_wall_when_the_clock_is_put_forward_and_back(day):
    campaign = hours(SUNDAY)

    assert [bool(gets(campaign, f"{day}T{time}")) for time in ("13:59", "14:00", "15:59", "16:00")] == [
        False, True, True, False,
    ]  # fmt: skip


def test_an_hour_that_comes_twice_counts_twice_and_one_that_is_skipped_not_at_all():
    night = hours(SUNDAY, since="02:00", until="03:00")

    assert gets(night, "2026-10-25T02:30") == gets(night, "2026-10-25T02:30 again") == Gift(1, 0)
    before = moment("2026-03-29T01:59:59")
    assert night.gift(Visit(before, 1), WARSAW) is None
    assert night.gift(Visit(before + 1000, 1), WARSAW) is None  # it is three o'clock


def test_a_window_may_go_on_past_midnight_and_belongs_to_the_day_it_began():
    campaign = hours(FRIDAY, since="22:00", until="02:00")

    assert gets(campaign, "2026-11-27T22:00")
    assert gets(campaign, "2026-11-28T01:59")
    assert gets(campaign, "2026-11-28T02:00") is None
    assert gets(campaign, "2026-11-28T22:30") is None
    assert gets(campaign, "2026-11-27T01:00") is None
    assert gets(hours(SUNDAY, since="22:00", until="02:00"), "2026-11-30T01:00")  # Monday


def test_extra_stamps_come_once_a_visit_or_for_each_stamp():
    three = Visit(moment("2026-11-24T14:30"), 3)

    assert hours(TUESDAY, stamps=2).gift(three, WARSAW) == Gift(2, 0)
    assert hours(TUESDAY, stamps=1, per="stamp").gift(three, WARSAW) == Gift(3, 0)


def test_the_item_of_the_month_however_it_is_typed():
    campaign = Campaign("item", stamps=1, item="Cinnamon bun")

    assert gets(campaign, "2026-11-24T09:00", item=" cinnamon  BUN") == Gift(1, 0)
    assert gets(campaign, "2026-11-24T09:00", item="Bun") is None
    assert gets(campaign, "2026-11-24T09:00") is None


def test_a_card_is_welcomed_back_after_so_many_days_and_once():
    campaign = Campaign("come_back", rewards=1, quiet_days=60)
    now = moment("2026-11-24T09:00")

    def back(days, **more):
        return campaign.gift(Visit(now, 1, last_visit_at=now - int(days * DAY_MS), **more), WARSAW)

    assert back(60) == Gift(0, 1)
    assert back(59.99) is None
    assert back(60, had_one=True) is None
    assert campaign.gift(Visit(now, 1), WARSAW) is None, "who has never come cannot come back"
    assert back(-1) is None, "told late: the card has come since"


def test_the_first_cards_get_it_once_each():
    campaign = Campaign("first", stamps=2, first_cards=100)

    assert gets(campaign, "2026-11-24T09:00") == Gift(2, 0)
    assert gets(campaign, "2026-11-24T09:00", had_one=True) is None
    assert not campaign.is_used_up(budget=0, spent=0, gifts=99, least=0)
    assert campaign.is_used_up(budget=0, spent=0, gifts=100, least=0)


@pytest.mark.parametrize(
    ("gift", "unit_cost", "needed", "cost"),
    [
        (Gift(1, 0), 250, 10, 25),
        (Gift(3, 0), 250, 10, 75),
        (Gift(1, 0), 251, 10, 26),  # rounded up
        (Gift(3, 0), 251, 10, 78),  # each of them
        (Gift(0, 1), 251, 10, 251),
        (Gift(5, 0), 0, 10, 0),
    ],
)
def test_a_stamp_costs_its_share_of_a_reward_rounded_up(gift, unit_cost, needed, cost):
    assert gift.cost(unit_cost=unit_cost, stamps_needed=needed) == cost


def test_a_budget_is_used_up_when_it_does_not_pay_for_one_more():
    campaign = hours(TUESDAY)

    assert not campaign.is_used_up(budget=100, spent=75, gifts=3, least=25)
    assert campaign.is_used_up(budget=100, spent=76, gifts=3, least=25)
    assert not campaign.is_used_up(budget=0, spent=10**9, gifts=3, least=25)


@pytest.mark.parametrize(
    ("field", "rules"),
    [
        ("stamps", {"kind": "hours", "weekdays": (2,)}),
        ("stamps", {"kind": "first", "first_cards": 5, "stamps": 1, "rewards": 1}),
        ("stamps", {"kind": "first", "first_cards": 5, "stamps": 21}),
        ("rewards", {"kind": "item", "item": "Bun", "rewards": 1}),
        ("weekdays", {"kind": "hours", "stamps": 1}),
        ("weekdays", {"kind": "hours", "stamps": 1, "weekdays": (2, 2)}),
        ("weekdays", {"kind": "hours", "stamps": 1, "weekdays": (0,)}),
        ("weekdays", {"kind": "first", "stamps": 1, "first_cards": 5, "weekdays": (2,)}),
        ("until_minute", {"kind": "hours", "stamps": 1, "weekdays": (2,), "from_minute": 60, "until_minute": 60}),
        ("item", {"kind": "item", "stamps": 1}),
        ("item", {"kind": "hours", "stamps": 1, "weekdays": (2,), "item": "Bun"}),
        ("quiet_days", {"kind": "come_back", "stamps": 1}),
        ("first_cards", {"kind": "first", "stamps": 1}),
        ("per", {"kind": "first", "stamps": 1, "first_cards": 5, "per": "stamp"}),
        ("hold_out", {"kind": "first", "stamps": 1, "first_cards": 5, "hold_out": 51}),
    ],
)
def test_what_makes_no_sense_together_is_refused_by_the_field_at_fault(field, rules):
    with pytest.raises(BadTerms) as fault:
        Campaign(**rules)

    assert fault.value.field == field


def test_a_campaign_is_planned_then_runs_then_has_ended_and_may_be_held_up_between():
    span = {"starts_at": 10, "ends_at": 20}

    assert [state(**span, halted=None, now=now) for now in (9, 10, 19, 20)] == [
        "planned", "running", "running", "ended",
    ]  # fmt: skip
    assert state(**span, halted="used_up", now=15) == "used_up"
    assert state(**span, halted="paused", now=25) == "ended"
    assert state(starts_at=10, ends_at=None, halted="paused", now=10**15) == "paused"
