"""The owner asks for a month as a PDF, to print or to send to whoever keeps the books."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pypdfium2
import pytest

from api import db, written
from api.actions import cards as card_actions
from api.actions.callers import Caller
from api.ids import id_text, moment_text, new_id

WARSAW = ZoneInfo("Europe/Warsaw")


@pytest.fixture
def business(make_business):
    """Corner, with a free sandwich of 2.50 for eight of 6.90."""
    return make_business(stamps_needed=8, unit_cost=250, unit_price=690)


def first_of(back):
    """The first day of this month where the shop is, or of the one so many before it."""
    today = datetime.now(WARSAW)
    number = today.year * 12 + today.month - 1 - back
    return date(number // 12, number % 12 + 1, 1)


def at(back, day, hour=12):
    """A moment of that month, in ms."""
    first = first_of(back)
    return int(datetime(first.year, first.month, day, hour, tzinfo=WARSAW).timestamp() * 1000)


def card_made(business, moment):
    """The code of a card that somebody got at this moment."""
    caller = Caller(business.id, "service", shop_id=business.shop_id, shop_name="Market Street")
    made = db.write(
        lambda connection: card_actions.make(
            connection, caller=caller, programme_id=business.programme_id, version=1, keys=business.keys, now=moment
        )
    )
    return business.keys.card_code(business.id, made.card.row.id, 0)


def happened(moment):
    """What a claim about that moment carries."""
    return {"id": id_text(new_id(moment)), "happened_at": moment_text(moment), "already_happened": True}


def pages(answer):
    """The text of each page."""
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf"), answer.text
    document = pypdfium2.PdfDocument(answer.data)
    texts = [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]
    document.close()
    return texts


def report(business, back, **query):
    """The report of this month, or of the one so many before it."""
    return business.owner.get(f"/reports/{first_of(back):%Y-%m}.pdf", query_string=query)


def test_a_month_stands_beside_the_one_before_and_answers_five_questions(business, till):
    regular, other = (card_made(business, at(2, 1, 0)) for _ in range(2))
    card_made(business, at(1, 9))
    till.send(
        till.stamp(regular, **happened(at(2, 5))),
        *(till.stamp(regular, 4, **happened(at(1, day))) for day in (3, 10)),
        till.stamp(other, 6, **happened(at(1, 10))),
        till.redeem(regular, **happened(at(1, 11))),
    )

    texts = pages(report(business, 1))

    whole, month, before = " ".join(texts), name_of(1), name_of(2)
    assert len(texts) in (2, 3)
    assert "{" not in whole
    for told in (
        f"Monthly report: {month}",
        f"Visits 3 1 in {before}",
        f"n = 3 visits, 1 {month} to",
        f"The busiest day was {weekday_of(1, 10)}, 10 {month}, with 2 visits.",
    ):
        assert told in texts[0]
    for answer in (
        "2 of 3 cards came in the last 28 days",
        "So far 2 cards tell about it.",
        "Since the first card not even 180 days have passed.",
        "Who is slipping away is not known yet",
        "Sandwich card: 8 stamps for a reward 7 stamps instead of 8 would have made no difference",
        f"No campaign ran in {month}",
        "EUR 2.19 at the very most",
        "1 reward was handed over; it cost between EUR 2.50 and EUR 6.90",
    ):
        assert answer in whole


def test_this_month_is_told_so_far_in_the_language_that_is_asked_for(business, till, make_card):
    campaign = {"name": "Żółty tydzień", "kind": "first", "first_cards": 5, "stamps": 2, "hold_out": 0}
    assert business.owner.post("/campaigns", campaign).status_code == 201
    till.send(till.stamp(make_card()))

    whole = " ".join(pages(report(business, 0, language="pl")))

    today = " ".join(written.day("pl", datetime.now(WARSAW).date()).split())
    assert f"Raport miesięczny: {name_of(0, 'pl')}" in whole
    assert f"jak dotąd, do {today}" in whole
    assert "Kampanie dały 1 prezent za 0,64 EUR" in whole
    assert "Żółty tydzień 1 2 0 0,64 EUR" in whole


def test_without_a_language_a_report_speaks_the_business_s_own_and_tells_when_there_is_nothing_to_tell(business):
    business.owner.patch("/business", {"language": "pl"})

    (only,) = pages(business.owner.get("/reports/2001-02.pdf"))

    assert "Do 28 lutego 2001 nikt nie miał karty" in only


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_without_a_price_no_money_is_told_and_the_reason_is(make_business):
    business = make_business()
    till, card = business.till(), business.card(rewards=1)
    till.send(till.stamp(card), till.redeem(card))

    whole = " ".join(pages(report(business, 0)))

    assert "1 reward was handed over What the reward costs you and what it sells for are not filled in yet" in whole
    assert "What they cost to make – What they sell for – Owed, to be expected – Owed at the very most –" in whole
    assert "EUR 0.00" not in whole


def test_a_big_ledger_takes_its_time_and_says_how_far_it_is(business, till, make_card, monkeypatch):
    till.send(till.stamp(make_card()))
    monkeypatch.setattr("api.routes.reckoning.PATIENCE_SECONDS", 0)
    first = report(business, 0)
    monkeypatch.setattr("api.routes.reckoning.PATIENCE_SECONDS", 30)

    then = report(business, 0)

    assert (first.status_code, first.mimetype, set(first.json)) == (202, "application/json", {"done", "of"})
    assert len(pages(then)) in (2, 3)
    assert then.headers["Content-Disposition"] == f'inline; filename="report-{first_of(0):%Y-%m}.pdf"'


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_is_no_month_or_has_not_begun_is_refused_with_the_reason(business):
    coming = f"{first_of(-1):%Y-%m}"
    names = coming, "9999-12", "2026-13", "2026-1", "1999-12"

    refused = {name: business.owner.get(f"/reports/{name}.pdf").json for name in names}

    assert [answer["code"] for answer in refused.values()] == ["invalid"] * 2 + ["not_found"] * 3
    assert refused[coming]["detail"] == f"The month {coming} has not begun yet."
    assert "written as in 2026-03" in refused["2026-13"]["detail"]
    assert report(business, 0, language="xx").status_code == 422


@pytest.mark.parametrize(
    ("language", "amount", "currency", "said"),
    [("en", 123456789, "EUR", "EUR 1,234,567.89"), ("pl", 1234, "JPY", "1 234 JPY"), ("en", 1500, "KWD", "KWD 1.500")],
)
def test_money_is_written_with_the_digits_of_its_currency(language, amount, currency, said):
    assert " ".join(written.money(language, amount, currency).split()) == said


def name_of(back, language="en"):
    """As in "October 2026"."""
    return " ".join(written.month(language, first_of(back)).split())


def weekday_of(back, day):
    return written.weekday("en", first_of(back).replace(day=day).weekday())
