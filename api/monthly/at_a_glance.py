"""The first page of a monthly report: the month day by day, and beside the month before and that of a year ago."""

from datetime import timedelta

from api import written
from api.monthly.report import FEWEST, Report, count, too_young
from api.monthly.sheets import Bars, Cell, Finding, Sheets, Table
from api.words import say
from insight.figures import SECOND_VISIT_DAYS, Figure
from insight.liability import Liability
from insight.monthly import Month, change
from insight.promised import COMPLETION_DAYS, RewardCost

MARKED_DAYS = (1, 5, 10, 15, 20, 25, 30)
UNKNOWN = "–"


def at_a_glance(sheets: Sheets, report: Report, this: Month) -> None:
    """Four numbers, the days, and the comparison."""
    before = next((each for each in report.others if each.is_whole), None)
    facts = ("visits", "new_cards", "active", "handed_over")
    sheets.facts([_fact(report, of, this, before) for of in facts])
    sheets.finding(_visits(report, this, before), _by_day(report, this, before))
    sheets.table(_comparison(report, this))
    if not all(each.is_whole for each in (this, *report.others)):
        sheets.note(report.words("not_whole", day=report.day_of(this.begun_at)))


def _fact(report: Report, of: str, this: Month, before: Month | None) -> tuple[str, str, str]:
    under = ""
    if before is not None:
        key = "then" if before.span.is_over else "then_so_far"
        until = report.day_of(before.span.until - 1)
        under = report.words(key, n=_plain(of, before), month=report.month(before.span), day=until)
    return report.words(of), say(report.language, "console.number", n=_plain(of, this)), under


def _plain(of: str, month: Month) -> float:
    """A figure that needs nothing behind it."""
    handed_over = month.cost.n if month.cost else 0
    return {
        "visits": month.visits,
        "visits_a_day": month.visits_a_day,
        "new_cards": month.new_cards,
        "active": count(month.active),
        "handed_over": handed_over,
    }[of]


def _visits(report: Report, this: Month, before: Month | None) -> Finding:
    """How many, and whether that is more than chance makes of it."""
    behind = report.behind("visits", this.visits, this.span.since, this.span.until)
    meant = report.words("visits_what")
    if this.visits == 0:
        return Finding(report.words("visits_alone", n=0), (), behind, meant)
    notes = (_busiest_day(report, this),)
    if before is None or not this.is_whole or before.visits == 0:
        return Finding(report.words("visits_alone", n=this.visits), notes, behind, meant)
    more = change(this, before)
    of = "visits_steady" if more is None else "visits_more" if more > 0 else "visits_fewer"
    said = report.words(
        of, now=this.visits_a_day, then=before.visits_a_day, month=report.month(before.span),
        percent=written.percent(abs(more or 0)),
    )  # fmt: skip
    return Finding(said, notes, behind, meant)


def _busiest_day(report: Report, this: Month) -> str:
    most = int(this.by_day.argmax())
    of = this.span.first + timedelta(days=most)
    day = f"{written.weekday(report.language, of.weekday())}, {written.day(report.language, of)}"
    return report.words("busiest_day", n=int(this.by_day[most]), day=day)


def _by_day(report: Report, this: Month, before: Month | None) -> Bars:
    level = None
    if before is not None:
        level = before.visits_a_day, report.words("mean_of", month=report.month(before.span))
    return Bars(
        values=this.by_day.tolist(),
        marks={n - 1: str(n) for n in MARKED_DAYS if n <= len(this.by_day)},
        unit=report.words("visits_a_day_axis"),
        keys=(report.insight("weeks.visits"),),
        level=level,
    )


def _comparison(report: Report, this: Month) -> Table:
    """The month beside the one before and that of a year ago."""
    months = [this, *report.others]

    def plain(of: str) -> tuple[str, list[Cell]]:
        return report.words(of), [Cell(report.words("value", n=_plain(of, each))) for each in months]

    def share(of: str, found: list[Figure | None], days: int) -> tuple[str, list[Cell]]:
        return report.words(of), [_share(report, each, days) for each in found]

    def amount(of: str, found: list[float | None]) -> tuple[str, list[Cell]]:
        return report.words(of), [Cell(UNKNOWN if each is None else report.money(each)) for each in found]

    costs, owed = [each.cost for each in months], [each.owed for each in months]
    rows = [
        *(plain(of) for of in ("visits", "visits_a_day", "new_cards", "active")),
        share("second_visit", [each.second_visit for each in months], SECOND_VISIT_DAYS),
        share("completion", [each.completion and each.completion.within for each in months], COMPLETION_DAYS),
        share("redemption", [each.redemption for each in months], 0),
        plain("handed_over"),
        amount("cost_made", [_cost(each, "at_least") for each in costs]),
        amount("cost_sold", [_cost(each, "at_most") for each in costs]),
        amount("owed", [_owed(each, "expected") for each in owed]),
        amount("owed_at_most", [_owed(each, "at_most") for each in owed]),
    ]
    return Table([(report.month(each.span), _part_of(report, each)) for each in months], rows)


def _cost(found: RewardCost | None, which: str) -> int | None:
    """What rewards cost; None where there were some and nobody has said what one costs."""
    if found is None:
        return 0
    return getattr(found, which) if found.at_most else None


def _owed(found: Liability | None, which: str) -> float | None:
    """What is owed; None where nobody has said what a reward costs."""
    if found is None or (found.at_most == 0 and found.rewards + found.stamps):
        return None
    return getattr(found, which)


def _part_of(report: Report, month: Month) -> str:
    """Which part of the month it is about, if not all of it."""
    if not month.is_whole:
        return report.words("from_day", day=report.day_of(month.begun_at))
    return "" if month.span.is_over else report.words("up_to", day=report.day_of(month.span.until - 1))


def _share(report: Report, found: Figure | None, days: int) -> Cell:
    """A share with its n, or in a word why there is none."""
    if too_young(found, days):
        return Cell(UNKNOWN, report.words("too_early"))
    if found is None or found.n < FEWEST:
        return Cell(UNKNOWN, report.words("too_few", n=found.n if found else 0))
    return Cell(report.insight("percent", n=written.percent(found.value)), report.words("n", n=found.n))
