"""When a birthday is celebrated: on its day, and where nobody could on that day, within the week after."""

from datetime import date, timedelta

# A shop whose computer sleeps over the weekend makes good on Monday.
DAYS_LATE = 6
# Between two gifts lies a year, less the days one may be late; and a birthday that was put right brings no second one.
DAYS_BETWEEN = 300


def is_celebrated(month: int, day: int, today: date) -> bool:
    """Is today this birthday, or one of the DAYS_LATE days after it?

    Who was born on 29 February celebrates on the 28th in other years.
    """
    days = (today - timedelta(days=late) for late in range(DAYS_LATE + 1))
    return any((then.month, then.day) == _in_year(then.year, month, day) for then in days)


def _in_year(year: int, month: int, day: int) -> tuple[int, int]:
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return (2, 28) if (month, day) == (2, 29) and not is_leap else (month, day)
