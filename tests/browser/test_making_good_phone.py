"""Something was wrong, on the customer's phone: told once, answered, put right; and a voucher on a slip."""

import re
import uuid

from playwright.sync_api import Route, expect

from tests.browser.test_phone import faults

ANSWER = "We are sorry. The next one is on us."


def answer_is_lost(route: Route) -> None:
    """The service hears it, the phone hears nothing."""
    if route.request.method == "POST":
        route.fetch()
        route.abort()
    else:
        route.continue_()


def test_what_was_wrong_is_told_once_answered_and_put_right(service, phone):
    owner, page = service.set_up(), phone(color_scheme="dark")
    page.goto(f"{service.url}/join/{owner.get('/shops')['items'][0]['join_code']}")
    page.locator("main .button").click()
    page.get_by_role("button", name="Something was wrong?").click()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Pick one above, or say it in a few words.")).to_be_visible()
    page.get_by_label("Wrong order").check()
    page.get_by_label("In your own words").fill("Ham instead of cheese.")
    page.get_by_label("It spoiled my day").check()
    page.get_by_label("What would put it right?").select_option("replacement")
    page.get_by_label("How to reach you, if you like").fill("ala@example.com")
    assert faults(page) == []

    # The service has it, but the phone cannot know: it stays on the phone, and goes again.
    page.route("**/cases", answer_is_lost)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("It has not got through yet.")).to_be_visible()
    page.unroute_all(behavior="ignoreErrors")
    page.reload()
    expect(page.get_by_text("Thank you for telling us.")).to_be_visible()
    expect(page.get_by_role("heading", name="We have it")).to_be_visible()
    (case,) = owner.get("/cases")["items"]
    assert (case["what"], case["severity"]) == ("Wrong order: Ham instead of cheese.", 3)
    assert (case["wish"], owner.get(f"/cases/{case['id']}")["contact"]) == ("replacement", "ala@example.com")

    # Another one a moment later is not what a shop can look into; nothing that was typed is lost.
    page.get_by_role("button", name="Something was wrong?").click()
    page.get_by_label("In your own words").fill("And cold.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("You told us a moment ago, and we are looking into it.")).to_be_visible()
    expect(page.get_by_label("In your own words")).to_have_value("And cold.")
    page.get_by_role("button", name="Cancel").click()

    remedy = {"kind": "replacement", "item": "A cheese sandwich", "words": ANSWER}
    owner.post(f"/cases/{case['id']}/remedies", remedy)
    expect(page.locator(".voucher")).to_contain_text("A cheese sandwich")
    expect(page.locator(".voucher")).to_contain_text(re.compile(r"Until \d+ \w+ \d{4}\."))
    page.get_by_role("button", name="Corner has answered you").click()
    expect(page.get_by_text(ANSWER)).to_be_in_viewport()
    assert faults(page) == []
    assert page.evaluate("() => document.documentElement.scrollWidth") == 360

    page.get_by_role("button", name="Yes").click()
    expect(page.get_by_text("Thank you, that is good to hear.")).to_be_visible()
    assert owner.get(f"/cases/{case['id']}")["put_right"] == "yes"
    expect(page.get_by_role("button", name="Corner has answered you")).to_be_hidden()

    # Whoever has only the card sees that there was something, and no words.
    onlooker = phone()
    onlooker.goto(page.url)
    onlooker.get_by_text("Earlier: 1").click()
    expect(onlooker.get_by_text("What was said shows on the phone that this card was made on.")).to_be_visible()
    expect(onlooker.get_by_text(ANSWER)).to_have_count(0)


def test_a_slip_shows_its_voucher_for_as_long_as_it_is_good(service, phone):
    owner, page = service.set_up(), phone(locale="pl-PL")
    case = owner.post("/cases", {"id": str(uuid.uuid4()), "what": "It was cold."})
    voucher = owner.post(f"/cases/{case['id']}/remedies", {"kind": "amount", "amount": 500})["voucher"]
    page.clock.install()

    page.goto(voucher["url"].upper().replace("HTTP://LOCALHOST", "http://localhost"))
    expect(page.get_by_role("heading", name=re.compile("5,00.€ mniej"))).to_be_visible()
    expect(page.get_by_role("img", name="Kod QR tego bonu")).to_be_visible()
    assert faults(page) == []

    owner.post(f"/vouchers/{voucher['id']}/withdrawals", {"reason": "Given by mistake."})
    page.clock.run_for(6000)
    expect(page.get_by_text("Ten bon został wycofany.")).to_be_visible()
    expect(page.locator(".qr")).to_have_count(0)

    page.goto(f"{service.url}/v/ABCDEFGHJKMNPQRTV1")
    expect(page.get_by_role("heading", name="Nie ma takiego bonu")).to_be_visible()
