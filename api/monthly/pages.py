"""A monthly report put on paper: the month at a glance, then the five questions."""

from api import written
from api.monthly import answers
from api.monthly.at_a_glance import at_a_glance
from api.monthly.report import Report
from api.monthly.sheets import Finding, Sheets


def pdf(report: Report) -> bytes:
    """The report, on two or three pages of A4; on one where there is nothing to tell."""
    month, title = report.month(report.span), report.words("title")
    made_on = report.words("made_on", day=written.day(report.language, report.made_on))
    under = made_on if report.span.is_over else f"{report.words('so_far', day=report.until)} · {made_on}"
    whole_title, foot = f"{report.business}: {title}, {month}", f"{report.business} · {title}, {month}"
    sheets = Sheets(title=whole_title, language=report.language, foot=foot)
    sheets.head(report.business, f"{title}: {month}", under=under, logo=report.logo)
    if report.this is None:
        sheets.finding(Finding(report.words("nobody", day=report.until)))
        return sheets.finished()
    at_a_glance(sheets, report, report.this)
    answers.doing(sheets, report, report.this)
    answers.slipping(sheets, report)
    answers.what_if(sheets, report)
    answers.did_it_work(sheets, report)
    answers.owing(sheets, report, report.this)
    sheets.note(report.words("counted"))
    return sheets.finished()
