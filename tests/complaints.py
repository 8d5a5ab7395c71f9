"""Something went wrong, and somebody puts it right: the steps that tests of cases, vouchers and goodwill share."""

from conftest import Client

from api import db
from api.actions import goodwill_sums, housekeeping
from api.ids import id_text, new_id


def told(**values):
    """What somebody tells."""
    return {"id": id_text(new_id()), "severity": 2, "what": "The soup was cold."} | values


def open_case(client, **values):
    """A new case, as whoever tells it at a till or in the console is answered."""
    answer = client.post("/cases", told(**values))
    assert answer.status_code == 201, answer.text
    return answer.json


def settle(client, case, **remedy):
    """Put a case right; by default with a free tuna sandwich."""
    answer = client.post(f"/cases/{case['id']}/remedies", remedy or {"kind": "replacement", "item": "a tuna sandwich"})
    assert answer.status_code == 201, answer.text
    return answer.json


def given(business, card=None, **remedy):
    """A voucher, given by the owner."""
    case = open_case(business.owner, **({} if card is None else {"card": card.code}))
    return settle(business.owner, case, **remedy)["voucher"]


def use(till, voucher, card=None, use_id=None, **values):
    """Ask to hand over what a voucher is good for."""
    body = {"use_id": use_id or id_text(new_id())} | ({} if card is None else {"card": card.code})
    return till.client.post(f"/vouchers/{voucher['id']}/uses", body, **values)


def allow(business, **values):
    """What the business allows."""
    policy = {"monthly_budget": None, "staff_per_case": 1000, "staff_per_day": 5000, "voucher_days": 30} | values
    answer = business.owner.put("/goodwill", policy)
    assert answer.status_code == 200, answer.text
    return answer.json


def sign_on(business, till, name="Kim", pin="7391"):
    """Somebody of the staff works this till."""
    staff = business.owner.post("/staff", {"name": name, "pin": pin}).json["id"]
    assert till.client.post("/till/sign-ons", {"staff": staff, "pin": pin}).status_code == 201
    return staff


def of_card(card, client=None):
    """The cases of a card, as its customer (or somebody else) sees them."""
    answer = (client or card.customer).get(f"/cards/{card.code}/cases")
    assert answer.status_code == 200, answer.text
    return answer.json["items"]


def holds_together():
    """Every card, case, gift and voucher is what it adds up to."""
    with db.reading() as connection:
        assert housekeeping.verify(connection)[1] is None
        assert goodwill_sums.verify(connection)[1] is None


def anyone(business):
    return Client(business.app, {})
