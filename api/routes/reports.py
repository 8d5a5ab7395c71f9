"""The monthly report as a PDF, to print or to send to whoever keeps the books."""

import re
from datetime import date
from typing import Any

from flask import Blueprint, Response

from api import db
from api.errors import Problem
from api.monthly.pages import pdf
from api.monthly.report import GONE_DAYS, CampaignLine, Report
from api.routes.door import Asked, route
from api.routes.reckoning import LATER, drawn
from api.shapes import Language, Shape
from api.store import businesses, campaigns, gifts, logos, programmes
from api.written import local_day
from insight import monthly
from insight.columns import Columns
from insight.doing import who_is_slipping_away
from insight.monthly import Span
from insight.replay import what_if

bp = Blueprint("reports", __name__, url_prefix="/api/v1")

# Before any shop's first card.
FIRST_YEAR = 2000
# The month before, and the same month a year before.
OTHERS = (1, 12)


class ReportWish(Shape):
    """In which language; without one the business's own."""

    language: Language | None = None


@route(
    bp,
    "GET",
    "/reports/<month>.pdf",
    who=("owner",),
    query=ReportWish,
    produces="application/pdf",
    also=LATER,
)
def show_report(asked: Asked, month: str) -> Any:
    """One calendar month, as in 2026-03.pdf: its figures beside the month and the year before, to print or to send.

    The month under way is told so far, and held against as much of the others.
    """
    with db.reading() as connection:
        business = businesses.business(connection, asked.business_id)
        logo = logos.logo(connection, asked.business_id)
        offered = {row.id for row in programmes.programmes(connection, asked.business_id) if row.is_offered}
    if business is None:
        raise LookupError("whoever has signed in belongs to a business")
    of = _span(month, zone=business.time_zone, now=asked.now)
    language, zone = asked.query.language or business.language, business.time_zone

    def draw(columns: Columns) -> bytes:
        others = [monthly.month(columns, monthly.earlier(of, months, zone=zone)) for months in OTHERS]
        report = Report(
            business=business.name,
            logo=logo.png if logo else None,
            currency=business.currency,
            zone=zone,
            language=language,
            made_on=local_day(asked.now, zone),
            span=of,
            this=monthly.month(columns, of),
            others=[each for each in others if each is not None],
            slipping=who_is_slipping_away(columns, of.until, gone_days=GONE_DAYS).found,
            what_if=[
                (each.name, found)
                for number, each in enumerate(columns.programmes)
                if each.id in offered and (found := what_if(columns, number)) is not None
            ],
            campaigns=_campaigns(asked, of),
        )
        return pdf(report)

    answer = drawn(asked, "report", draw, of.first, language)
    if isinstance(answer, Response):
        answer.headers["Content-Disposition"] = f'inline; filename="report-{month}.pdf"'
    return answer


def _span(name: str, *, zone: str, now: int) -> Span:
    """The month of this name. Raises Problem not_found for what is none, invalid for one that has not begun."""
    found = re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", name)
    if not found or int(found[1]) < FIRST_YEAR:
        raise Problem("not_found", f"A month is written as in 2026-03, and is of {FIRST_YEAR} or later.")
    try:
        return monthly.span(date(int(found[1]), int(found[2]), 1), zone=zone, now=now)
    except ValueError as error:
        raise Problem("invalid", f"The month {error}.", value=name) from None


def _campaigns(asked: Asked, of: Span) -> list[CampaignLine]:
    """The campaigns that ran in a month, or gave something in it."""
    with db.reading() as connection:
        rows = campaigns.campaigns(connection, asked.business_id)
        given = {row.campaign_id: row for row in gifts.given_between(connection, asked.business_id, of.since, of.until)}
    lines = []
    for row in rows:
        ran = row.starts_at < of.until and (row.ends_at is None or row.ends_at > of.since)
        gave = given.get(row.id)
        if gave is not None:
            lines.append(CampaignLine(row.name, gave.gifts, gave.stamps, gave.rewards, gave.cost))
        elif ran:
            lines.append(CampaignLine(row.name, 0, 0, 0, 0))
    return lines
