"""The owner prints a poster and sheets of cards; every code on them is read back by an independent reader."""

import pypdfium2
import pytest
import zxingcpp
from test_logo import picture, put

from api import printing
from api.ids import id_text
from api.printing import Look, PrintedCard, Promise

POINT_MM = 25.4 / 72
A4, LETTER = (210, 297), (215.9, 279.4)


def poster(business, **wish):
    return business.owner.get(f"/shops/{id_text(business.shop_id)}/poster.pdf", query_string=wish)


def sheets(business, count, headers=None, **wish):
    return business.owner.post("/card-sheets", {"count": count} | wish, headers=headers)


def pages(pdf):
    """Each page as (its size in mm, its text, the codes on it)."""
    found = []
    document = pypdfium2.PdfDocument(pdf)
    for page in document:
        size = tuple(round(side * POINT_MM, 1) for side in page.get_size())
        image = page.render(scale=200 / 72, grayscale=True).to_pil()
        read = [code.text for code in zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode)]
        found.append((size, " ".join(page.get_textpage().get_text_bounded().split()), read))
    document.close()
    return found


def pictures_on(pdf):
    """How many pictures made of pixels the first page has."""
    page = pypdfium2.PdfDocument(pdf)[0]
    return sum(item.type == pypdfium2.raw.FPDF_PAGEOBJ_IMAGE for item in page.get_objects())


def cards_of(business):
    """Every card there is: its code and its short code."""
    listed = business.owner.get("/cards?limit=200").json["items"]
    return {card["code"]: card["short_code"] for card in listed}


def test_the_poster_leads_to_the_shop_and_says_what_there_is_to_win(business):
    answer = poster(business)

    ((size, text, codes),) = pages(answer.data)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert size == A4
    assert codes == [f"HTTP://LOCALHOST:8000/JOIN/{business.join_code}"]
    for words in ("Corner", "Every 10 stamps earn a free sandwich", "Market Street", "Point your phone’s camera here"):
        assert words in text
    assert f"localhost:8000/join/{business.join_code}" in text


def test_the_poster_speaks_polish_with_all_its_letters_and_fits_letter_paper(make_business):
    business = make_business("Kawiarnia „Żółty Kąt”", reward="darmowa pączek-gęś-łoś", stamps_needed=10)

    ((size, text, codes),) = pages(poster(business, paper="letter", language="pl").data)

    assert size == LETTER
    assert len(codes) == 1
    assert "Kawiarnia „Żółty Kąt”" in text
    assert "Każde 10 pieczątek to darmowa pączek-gęś-łoś" in text
    assert "Skieruj tu aparat telefonu" in text


def test_without_a_language_the_poster_speaks_the_business_s_own(business):
    business.owner.patch("/business", {"language": "pl"})

    ((_, text, _),) = pages(poster(business).data)

    assert "Bez aplikacji" in text


def test_a_poster_is_for_one_programme_or_for_all(business):
    coffee = business.owner.post("/programmes", {"name": "Coffee", "terms": {"stamps_needed": 5, "reward": "a coffee"}})

    ((_, both, _),) = pages(poster(business).data)
    ((_, one, _),) = pages(poster(business, programme=coffee.json["id"]).data)

    assert "Every 10 stamps earn a free sandwich" in both
    assert "Every 5 stamps earn a coffee" in both
    assert "Every 5 stamps earn a coffee" in one
    assert "sandwich" not in one


def test_a_poster_wears_the_logo(business):
    plain = poster(business).data
    put(business.owner, picture("PNG"))

    drawn = poster(business).data

    assert (pictures_on(plain), pictures_on(drawn)) == (0, 1)
    assert pages(drawn)[0][2] == pages(plain)[0][2]


@pytest.mark.parametrize(("paper", "size", "on_a_page"), [("a4", A4, 10), ("letter", LETTER, 8)])
def test_every_code_on_the_sheets_is_a_card_that_was_made(business, paper, size, on_a_page):
    answer = sheets(business, 12, paper=paper)

    first, second = pages(answer.data)
    made = cards_of(business)
    assert (answer.status_code, answer.mimetype) == (201, "application/pdf")
    assert first[0] == second[0] == size
    assert (len(first[2]), len(second[2])) == (on_a_page, 12 - on_a_page)
    assert sorted(first[2] + second[2]) == sorted(f"HTTP://LOCALHOST:8000/C/{code}" for code in made)
    assert all(short in first[1] + second[1] for short in made.values())
    assert (first[1] + second[1]).count("Every 10 stamps earn a free sandwich") == 12


def test_a_printed_card_works_at_the_till(business, till):
    ((_, _, (address,)),) = pages(sheets(business, 1).data)

    results = till.send(till.stamp(address.rpartition("/")[2]))

    assert (results[0]["status"], results[0]["card"]["stamps"]) == ("applied", 1)


def test_printed_cards_begin_with_their_welcome_stamps(make_business):
    business = make_business(welcome_stamps=2)

    sheets(business, 3)

    assert [card["stamps"] for card in business.owner.get("/cards").json["items"]] == [2, 2, 2]


def test_the_same_request_again_prints_the_same_cards(business):
    first, again = (sheets(business, 3, headers={"Idempotency-Key": "sheet-1"}) for _ in range(2))

    assert pages(first.data)[0][2] == pages(again.data)[0][2]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert len(cards_of(business)) == 3


def test_a_sheet_is_of_the_programme_that_was_asked_for(business):
    coffee = business.owner.post("/programmes", {"name": "Coffee", "terms": {"stamps_needed": 5, "reward": "a coffee"}})

    ((_, text, _),) = pages(sheets(business, 1, programme=coffee.json["id"], language="pl").data)

    assert "Każde 5 pieczątek to a coffee" in text
    assert business.owner.get("/cards").json["items"][0]["programme"]["name"] == "Coffee"


def test_what_cannot_be_printed_is_refused_and_makes_no_card(business, stranger):
    theirs = id_text(stranger.programme_id)
    for count, wish in ((0, {}), (201, {}), (1, {"paper": "a3"}), (1, {"language": "xx"}), ("1", {})):
        assert sheets(business, count, **wish).status_code == 422
    assert sheets(business, 1, programme=theirs).json["code"] == "not_found"
    assert poster(business, paper="a3").status_code == 422
    assert poster(business, language="xx").status_code == 422
    assert poster(business, programme=theirs).json["code"] == "not_found"
    assert stranger.owner.get(f"/shops/{id_text(business.shop_id)}/poster.pdf").json["code"] == "not_found"
    assert cards_of(business) == {}


def test_long_names_and_long_promises_stay_within_their_card():
    name = "Stowarzyszenie Miłośników Kanapek Żółtych i Zielonych „U Bronisława Wspaniałego”"
    promise = Promise("Karta", 50, "dowolna kanapka z karty razem z dużą kawą albo sokiem wyciskanym do wyboru teraz")
    look = Look(name, "a4", "pl", picture("PNG"))
    cards = [PrintedCard(f"HTTPS://CARDS.EXAMPLE.COM/C/{n:017}1", "7K4M-9QXT") for n in range(10)]

    ((_, card_text, codes),) = pages(printing.card_sheets(look, promise, cards))
    ((_, poster_text, _),) = pages(
        printing.poster(look, [promise] * 4, shop="Rynek", address="HTTPS://A.PL/JOIN/0", shown_address="a.pl/join/0")
    )

    assert sorted(codes) == [card.address for card in cards]
    for text in (card_text, poster_text):
        assert "Wspaniałego”" in text
        assert "do wyboru teraz" in text


def test_a_code_is_drawn_as_one_sharp_shape_without_seams():
    look, promise = Look("Corner", "a4", "en"), Promise("Lunch", 10, "a sandwich")
    pdf = printing.card_sheets(look, promise, [PrintedCard("HTTPS://A.PL/C/1", "7K4M-9QXT")])
    page = pypdfium2.PdfDocument(pdf)[0]

    image = page.render(scale=10, grayscale=True).to_pil()

    (code,) = zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode)
    corner = code.position.top_left
    unit = (code.position.top_right.x - corner.x) / 21
    dot = [round(n * unit) for n in (2.2, 4.8)]  # within the nine dark squares in the middle of a corner
    box = (corner.x + dot[0], corner.y + dot[0], corner.x + dot[1], corner.y + dot[1])
    assert pictures_on(pdf) == 0
    assert image.crop(box).getextrema() == (0, 0)
