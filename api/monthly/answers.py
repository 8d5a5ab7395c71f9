"""The five questions in a monthly report, each answered in findings that say what they were reckoned from."""

from datetime import date, timedelta
from math import sqrt

import numpy as np

from api import written
from api.monthly.report import GONE_DAYS, Report, count, unknown
from api.monthly.sheets import Bars, Cell, Finding, Sheets, Table
from api.words import say
from insight.figures import SECOND_VISIT_DAYS, Figure
from insight.hours import BusyHours
from insight.liability import Liability
from insight.monthly import FIRST_DAY, Month
from insight.promised import COMPLETION_DAYS, Completion, RewardCost
from insight.replay import WhatIf
from insight.weeks import Weeks

WEEKS_SHOWN = 26
# Four weeks are held against the four before, as on the console's page.
HELD = 4
# A week that begins by then has the first day of its month in it, or the week before had.
FIRST_WEEK = 7
MOST_PROGRAMMES = 4


def doing(sheets: Sheets, report: Report, this: Month) -> None:
    """How are we doing?"""
    sheets.heading(say(report.language, "console.place.doing"))
    if this.active is not None:
        said = report.words("active_of", n=count(this.active), of=this.active.n)
        behind = report.behind("cards", this.active.n, this.active.since, this.active.until)
        sheets.finding(Finding(said, (), behind, report.insight("active.what")))
    sheets.finding(_share(report, "second_visit", this.second_visit, SECOND_VISIT_DAYS))
    sheets.finding(_completion(report, this.completion))
    sheets.finding(_busy(report, this.busy))
    if this.weeks is not None:
        sheets.finding(*_weeks(report, this.weeks))


def slipping(sheets: Sheets, report: Report) -> None:
    """Who is slipping away?"""
    sheets.heading(say(report.language, "console.place.slipping"))
    found, meant = report.slipping, report.insight("slipping.what")
    if found is None:
        why = report.insight("slipping.missing")
        sheets.finding(Finding(report.insight("slipping.unknown"), (why,), meant=meant))
        return
    n, margin = len(found.card), float(found.margin.sum())
    said = report.insight("slipping.nobody")
    if n:
        of = "slipping.title" if margin > 0 else "slipping.unpriced"
        said = report.insight(of, n=n, margin=report.money(margin))
    within = f"{report.insight('slipping.within')} {report.insight('slipping.gone', n=GONE_DAYS)}."
    behind = report.insight("slipping.n", n=found.watched, day=report.until)
    sheets.finding(Finding(said, (within,), behind, meant))


def what_if(sheets: Sheets, report: Report) -> None:
    """What if? One stamp fewer and one more, for each programme."""
    sheets.heading(say(report.language, "console.place.what-if"))
    meant = report.insight("what_if.what")
    if not report.what_if:
        sheets.finding(Finding(report.words("what_if_unknown"), meant=meant))
    for name, found in report.what_if[:MOST_PROGRAMMES]:
        needed = found.today.stamps_needed
        said = report.words("what_if_today", name=name, n=needed)
        notes = [_at(report, found, other) for other in (needed - 1, needed + 1)]
        if found.today.unit_cost == 0:
            notes = [report.insight("unpriced")]
        behind = report.words("what_if_n", n=found.stamps, day=report.day_of(found.until))
        sheets.finding(Finding(said, tuple(note for note in notes if note), behind, meant))
        meant = ""  # once is enough


def did_it_work(sheets: Sheets, report: Report) -> None:
    """Did it work? What campaigns gave in the month."""
    sheets.heading(say(report.language, "console.place.did-it-work"))
    campaigns, month = report.campaigns, report.month(report.span)
    meant = report.words("campaigns_what")
    if not campaigns:
        sheets.finding(Finding(report.words("no_campaign", month=month), meant=meant))
        return
    gifts, cost = sum(each.gifts for each in campaigns), sum(each.cost for each in campaigns)
    said = report.words("campaigns_gave", n=gifts, cost=report.money(cost))
    behind = report.words("campaigns_n", n=len(campaigns), month=month)
    sheets.finding(Finding(said, (), behind, meant))
    rows = []
    for each in campaigns:
        given = [Cell(report.words("value", n=n)) for n in (each.gifts, each.stamps, each.rewards)]
        rows.append((each.name, [*given, Cell(report.money(each.cost))]))
    heads = [(report.words(f"campaign_{of}"), "") for of in ("gifts", "stamps", "rewards", "cost")]
    sheets.table(Table(heads, rows, first_wide=78))


def owing(sheets: Sheets, report: Report, this: Month) -> None:
    """What do we owe?"""
    sheets.heading(say(report.language, "console.place.owing"))
    if this.owed is not None:
        sheets.finding(_owed(report, this.owed))
    sheets.finding(_share(report, "redemption", this.redemption, 0, counted="rewards"))
    sheets.finding(_cost(report, this.cost))


def _share(
    report: Report, of: str, found: Figure | None, days: int, *, counted: str = "cards", notes: tuple[str, ...] = ()
) -> Finding:
    """A share and how sure it is; or why nobody can say it yet."""
    meant, why = report.insight(f"{of}.what"), unknown(report, of, found, days)
    if found is None or why is not None:
        return Finding(report.insight(f"{of}.none"), (why or "",), meant=meant)
    if found.interval:
        low, high = (written.percent(each) for each in found.interval)
        notes = (*notes, report.insight("likely", low=low, high=high))
    said = report.insight(f"{of}.title", n=written.percent(found.value), of=100)
    return Finding(said, notes, report.behind(counted, found.n, found.since, found.until), meant)


def _completion(report: Report, found: Completion | None) -> Finding:
    days = None if found is None else found.median_days
    note = report.insight("completion.no_half") if days is None else report.insight("completion.half", n=round(days))
    return _share(report, "completion", found and found.within, COMPLETION_DAYS, notes=(note,))


def _busy(report: Report, busy: BusyHours | None) -> Finding:
    """The busiest hour of the week, and the days by their visits, the busiest first."""
    meant = report.insight("busy.what")
    if busy is None:
        return Finding(report.words("busy_unknown"), meant=meant)
    day, hour = (int(place) for place in np.unravel_index(busy.visits.argmax(), busy.visits.shape))
    name, most = written.weekday(report.language, day), float(busy.visits.max())
    said = report.insight("busy.title", day=name, hour=f"{hour}:00", n=most)
    of_days = busy.visits.sum(axis=1)
    order = np.argsort(-of_days, kind="stable").tolist()
    days = ", ".join(
        report.words("day_with", day=written.weekday(report.language, n), n=float(of_days[n])) for n in order
    )
    behind = report.behind("visits", busy.n, busy.since, busy.until)
    return Finding(said, (report.words("busy_days", days=days),), behind, meant)


def _weeks(report: Report, weeks: Weeks) -> tuple[Finding, Bars]:
    """Half a year of weeks; the last four against the four before, as on the console's page."""
    visits, new, days = (each.tolist()[-WEEKS_SHOWN:] for each in (weeks.visits, weeks.new, weeks.mondays))
    mondays = [FIRST_DAY + timedelta(days=day) for day in days]
    last, before = sum(visits[-HELD:]), sum(visits[-2 * HELD : -HELD])
    if len(visits) < 2 * HELD or before == 0:
        said = report.insight("weeks.count", n=sum(visits))
    else:
        is_steady = abs(last - before) < 2 * sqrt(last + before)
        of = "steady" if is_steady else "more" if last > before else "less"
        percent = written.percent(abs(last - before) / before)
        said = report.insight(f"weeks.{of}", n=last, before=before, percent=percent)
    since, until = (written.day(report.language, day) for day in (mondays[0], mondays[-1] + timedelta(days=6)))
    behind = report.insight("n_visits", n=sum(visits), **{"from": since, "to": until})
    marks = {n: _month_of(report, monday) for n, monday in enumerate(mondays) if monday.day <= FIRST_WEEK}
    keys = report.insight("weeks.visits"), report.insight("weeks.new")
    bars = Bars(visits, marks, report.insight("weeks.a_week"), front=new, keys=keys)
    return Finding(said, (), behind, report.insight("weeks.what")), bars


def _month_of(report: Report, monday: date) -> str:
    return written.month_name(report.language, monday)


def _at(report: Report, found: WhatIf, needed: int) -> str:
    """What so many stamps would have come to; nothing where that was not reckoned."""
    places = np.flatnonzero(found.thresholds == needed)
    if len(places) == 0:
        return ""
    saved = round(found.cost_today - float(found.cost[places[0]]))
    of = "gain" if saved > 0 else "loss" if saved < 0 else "even"
    amount = report.money(abs(saved))
    return report.insight(f"what_if.{of}", n=needed, today=found.today.stamps_needed, amount=amount) + "."


def _owed(report: Report, owed: Liability) -> Finding:
    notes = [report.words("owed_parts", rewards=owed.rewards, n=owed.stamps)]
    if owed.rewards + owed.stamps == 0:
        said, notes = report.insight("owed.nothing"), []
    elif owed.at_most == 0:
        said = report.insight("owed.unpriced", n=owed.rewards)
        notes.append(report.insight("unpriced"))
    else:
        said = report.insight("owed.title", expected=report.money(owed.expected), at_most=report.money(owed.at_most))
    behind = f"{report.insight('owed.n', n=owed.cards)}; {report.words('as_at', day=report.day_of(owed.at))}"
    return Finding(said, tuple(notes), behind, report.insight("owed.what"))


def _cost(report: Report, cost: RewardCost | None) -> Finding:
    meant = report.words("cost_what")
    if cost is None:
        return Finding(report.words("cost_none"), meant=meant)
    behind = report.behind("rewards", cost.n, report.span.since, report.span.until)
    if cost.at_most == 0:
        return Finding(report.words("cost_unpriced", n=cost.n), (report.insight("unpriced"),), behind, meant)
    low, high = report.money(cost.at_least), report.money(cost.at_most)
    return Finding(report.words("cost_title", n=cost.n, low=low, high=high), (), behind, meant)
