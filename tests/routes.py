"""Every route the service has, and for each what a right request needs: bodies, and one of everything they name."""

import base64
from functools import cached_property

from conftest import PASSWORD, Client

from api import db
from api.actions import api_keys, set_up
from api.actions import staff as staff_actions
from api.actions import tills as till_actions
from api.ids import id_text, moment_text, new_id, now_ms, read_id
from api.passwords import hash_password

PIN = "7391"
PIN_HASH = hash_password(PIN)
TERMS = {
    "stamps_needed": 8, "max_per_visit": 6, "welcome_stamps": 0, "cooldown_seconds": 0, "daily_limit": 0,
    "reward": "a free sandwich", "unit_cost": 250, "unit_price": 690, "stamps_expire_days": 0, "rewards_expire_days": 0,
}  # fmt: skip
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
# What is not named here takes no body. {name}: one of everything, see One.
BODIES = {
    "POST /api/v1/api-keys": {"name": "Cash register"},
    "PATCH /api/v1/business": {"name": "The Corner"},
    "POST /api/v1/campaigns": {"name": "Quiet Tuesday", "kind": "hours", "weekdays": [2], "stamps": 1},
    "PATCH /api/v1/campaigns/<campaign_id>": {"name": "Quiet Monday", "budget": 5000},
    "POST /api/v1/campaigns/<campaign_id>/endings": {},
    "POST /api/v1/campaigns/<campaign_id>/pauses": {},
    "POST /api/v1/card-sheets": {"programme": "{programme}", "count": 1, "paper": "a4", "language": "en"},
    "PUT /api/v1/goodwill": {
        "monthly_budget": 50_000, "staff_per_case": 1000, "staff_per_day": 5000, "voucher_days": 30,
    },
    "POST /api/v1/cases": {"id": "{new_id}", "severity": 2, "what": "The soup was cold.", "card": "{code}"},
    "POST /api/v1/cases/<case_id>/declines": {"words": "We are sorry."},
    "POST /api/v1/cases/<case_id>/notes": {"words": "They will call again."},
    "POST /api/v1/cases/<case_id>/remedies": {"kind": "replacement", "item": "a soup", "words": "We are sorry."},
    "POST /api/v1/cases/<offered_id>/approvals": {"words": "We are sorry."},
    "POST /api/v1/cards": {"shop": "{join_code}"},
    "POST /api/v1/cards/<code>/adjustments": {"stamps": 1, "reason": "a present"},
    "POST /api/v1/cards/<code>/cases": {"id": "{new_id}", "severity": 2, "what": "The soup was cold."},
    "POST /api/v1/cards/<code>/cases/<answered_id>/ratings": {"rating": "yes"},
    "PUT /api/v1/cards/<code>/customer": {"name": "Kim", "language": "en", "consents": {"news": True}},
    "POST /api/v1/cards/<code>/replacements": {},
    "POST /api/v1/cards/<code>/voids": {"ref": "{ref}", "reason": "a slip"},
    "POST /api/v1/events": {"id": "{new_id}", "kind": "stamp", "card": "{code}", "happened_at": "{now}"},
    "POST /api/v1/experiments": {"programme": "{priced_programme}", "stamps_needed": 6},
    "POST /api/v1/experiments/<experiment_id>/stops": {},
    "POST /api/v1/flags/<flag_id>/reviews": {"verdict": "fine"},
    "POST /api/v1/flags/reviews": {"reason": "overdrawn", "verdict": "fine"},
    "POST /api/v1/kept/<kept_id>/applications": {"content": "{kept_content}", "card": "{code}"},
    "POST /api/v1/kept/<kept_id>/dismissals": {"content": "{kept_content}", "reason": "a slip"},
    "POST /api/v1/owed/<owed_code>/pardons": {"reason": "our mistake"},
    "POST /api/v1/pairings": {"code": "{pairing_code}"},
    "POST /api/v1/programmes": {"name": "Coffee", "terms": TERMS},
    "PATCH /api/v1/programmes/<programme>": {"name": "Sandwich"},
    "POST /api/v1/programmes/<programme>/previews": {"terms": TERMS, "policy": "better"},
    "POST /api/v1/programmes/<programme>/versions": {
        "terms": TERMS, "policy": "better", "note": "cheaper", "expected_version": 1,
    },
    "POST /api/v1/sessions": {"email": "{email}", "password": PASSWORD},
    "POST /api/v1/setup": {
        "token": "{token}", "owner": {"name": "Eve", "email": "eve@example.com", "password": PASSWORD},
        "business": "Third", "shop": "Quay", "currency": "EUR", "time_zone": "Europe/Warsaw", "language": "en",
        "stamps_needed": 10, "reward": "a free coffee",
    },
    "POST /api/v1/shops": {"name": "Harbour"},
    "PATCH /api/v1/shops/<shop_id>": {"name": "Old Harbour"},
    "POST /api/v1/shops/<shop_id>/pairing-codes": {"till_name": "Till 9"},
    "POST /api/v1/staff": {"name": "Ann", "pin": PIN},
    "PATCH /api/v1/staff/<staff_id>": {"name": "Bob"},
    "POST /api/v1/sync": {
        "sent_at": "{now}", "events": [{"id": "{new_id}", "kind": "stamp", "card": "{code}", "happened_at": "{now}"}],
    },
    "POST /api/v1/till/sign-ons": {"staff": "{staff_id}", "pin": PIN},
    "PATCH /api/v1/tills/<till_id>": {"name": "Back door"},
    "POST /api/v1/tills/<till_id>/gaps/<first>/reviews": {},
    "POST /api/v1/tills/<till_id>/imported-events": {
        "sent_at": "{now}", "events": [{"id": "{new_id}", "kind": "stamp", "card": "{code}", "happened_at": "{now}"}],
    },
    "POST /api/v1/tills/<till_id>/revocations": {},
    "POST /api/v1/vouchers/<voucher_id>/uses": {"use_id": "{new_id}", "card": "{code}"},
    "POST /api/v1/vouchers/<voucher_id>/uses/<use_id>/voids": {},
    "POST /api/v1/vouchers/<voucher_id>/withdrawals": {"reason": "the wrong card"},
    "POST /api/v1/webhooks": {"url": "https://hooks.example.com/tenth"},
    "PATCH /api/v1/webhooks/<webhook_id>": {"active": False},
    "POST /api/v1/webhooks/<webhook_id>/tests": {},
}  # fmt: skip
PICTURES = {"PUT /api/v1/business/logo"}


def every_route(app):
    """{"GET /api/v1/session": how it is declared, or None for a page}."""
    return {
        f"{method} {rule.rule}": getattr(app.view_functions[rule.endpoint], "endpoint", None)
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }


class One:
    """One of everything a business has, made when it is first asked for."""

    def __init__(self, business):
        self.business = business
        self.business_id = self.number = business.id
        self.join_code = self.shop = business.join_code
        self.programme = id_text(business.programme_id)
        self.shop_id = id_text(business.shop_id)
        self.new_id = id_text(new_id())
        self.now = moment_text(now_ms())
        self.month = self.now[:7]

    @cached_property
    def card(self):
        return self.business.card(stamps=3)

    @cached_property
    def code(self):
        self.made_customer = self.card.customer.put(f"/cards/{self.card.code}/customer", {"name": "Kim"})
        return self.card.code

    @cached_property
    def ref(self):
        till = self.business.till()
        stamp = till.stamp(self.code)
        till.send(stamp)
        return stamp["id"]

    @cached_property
    def scheduled_id(self):
        owner, path = self.business.owner, f"/programmes/{self.programme}/versions"
        version = owner.get(path).json["items"][0]["version"]
        change = {"terms": TERMS, "expected_version": version, "starts_at": moment_text(now_ms() + 3_600_000)}
        return owner.post(path, change).json["id"]

    @cached_property
    def priced_programme(self):
        return self.business.owner.post("/programmes", {"name": "Sandwich", "terms": TERMS}).json["id"]

    @cached_property
    def experiment_id(self):
        wish = {"programme": self.priced_programme, "stamps_needed": 6}
        return self.business.owner.post("/experiments", wish).json["id"]

    @cached_property
    def flag_id(self):
        till = self.business.till()
        redeem = till.redeem(self.business.card(), already_happened=True)
        till.send(redeem)
        return redeem["id"]

    @cached_property
    def owed_code(self):
        till, card = self.business.till(), self.business.card()
        till.send(till.redeem(card, already_happened=True))
        return card.code

    @cached_property
    def kept_id(self):
        return self._kept["id"]

    @cached_property
    def kept_content(self):
        return self._kept["content"]

    @cached_property
    def _kept(self):
        till = self.business.till()
        till.send(till.stamp("0" * 17 + "1", already_happened=True))
        return self.business.owner.get("/kept?limit=1").json["items"][0]

    @cached_property
    def till_id(self):
        return id_text(self._till.id)

    @cached_property
    def _till(self):
        return self.business.till()

    @cached_property
    def first(self):
        self._till.send(self._till.stamp(self.business.card(), sequence=3), after=1)
        return 2

    @cached_property
    def staff_id(self):
        action = staff_actions.take_on
        return id_text(db.write(lambda c: action(c, self.business_id, name="Bo", pin_hash=PIN_HASH, now=now_ms())).id)

    @cached_property
    def own_code(self):
        action, staff_id, card = staff_actions.give_card, read_id(self.staff_id), self.card
        db.write(lambda connection: action(connection, self.business_id, staff_id, card.id))
        return card.code

    @cached_property
    def key_id(self):
        return id_text(self._api_key[0])

    @cached_property
    def software(self):
        return Client(self.business.app, {}, bearer=self._api_key[1])

    @cached_property
    def _api_key(self):
        keys = self.business.keys
        return db.write(lambda c: api_keys.make(c, self.business_id, name="Register", keys=keys, now=now_ms()))

    @cached_property
    def case_id(self):
        return self._case()["id"]

    @cached_property
    def answered_id(self):
        return self._settled(self.code)["id"]

    @cached_property
    def offered_id(self):
        owner, case, dear = self.business.owner, self._case(), 1001
        owner.put("/goodwill", BODIES["PUT /api/v1/goodwill"] | {"monthly_budget": None})
        self.business.till().client.post(f"/cases/{case['id']}/remedies", {"kind": "amount", "amount": dear})
        return case["id"]

    @cached_property
    def voucher_id(self):
        return self._settled(self.code)["voucher"]["id"]

    @cached_property
    def use_id(self):
        use = {"use_id": id_text(new_id()), "card": self.code}
        return self._till.client.post(f"/vouchers/{self.voucher_id}/uses", use).json["use_id"]

    @cached_property
    def slip_code(self):
        return self._settled()["voucher"]["code"]

    def _case(self, code=None):
        told = {"id": id_text(new_id()), "what": "The coffee at Corner was cold."}
        return self.business.owner.post("/cases", told | ({} if code is None else {"card": code})).json

    def _settled(self, code=None):
        remedy = {"kind": "replacement", "item": "a coffee"}
        return self.business.owner.post(f"/cases/{self._case(code)['id']}/remedies", remedy).json

    @cached_property
    def campaign_id(self):
        wish = {"name": "Corner's own", "kind": "first", "first_cards": 50, "stamps": 1}
        return self.business.owner.post("/campaigns", wish).json["id"]

    @cached_property
    def webhook_id(self):
        owner = self.business.owner
        for webhook in owner.get("/webhooks").json["items"]:  # there may be only so many
            owner.delete(f"/webhooks/{webhook['id']}")
        return owner.post("/webhooks", {"url": "https://hooks.example.com/tenth"}).json["id"]

    @cached_property
    def pairing_code(self):
        keys, shop_id = self.business.keys, self.business.shop_id
        make = till_actions.new_pairing_code
        return db.write(lambda c: make(c, self.business_id, shop_id, till_name="Till 9", keys=keys, now=now_ms())).code

    @cached_property
    def token(self):
        return db.write(lambda c: set_up.new_link(c, keys=self.business.keys, now=now_ms()))

    @cached_property
    def email(self):
        return self.business.owner.get("/session").json["owner"]["email"]


def path_of(route, one):
    """The path of a route with one of everything in it, as Client takes it."""
    path = route.split(" ", 1)[1]
    for name in names_in(route):
        path = path.replace(f"<{name}>", str(getattr(one, name)))
    return path.removeprefix("/api/v1") if path.startswith("/api/v1") else f"/{path}"


def names_in(route):
    """What a route's path names: ["code"]."""
    return [part.split(">")[0] for part in route.split("<")[1:]]


def request_of(route, one):
    """Method, path and content of a right request."""
    method = route.split(" ", 1)[0]
    content = {}
    if route in PICTURES:
        content = {"data": PICTURE, "content_type": "image/png"}
    elif route in BODIES:
        content = {"json": _filled(BODIES[route], one)}
    return method, path_of(route, one), content


def _filled(value, one):
    if isinstance(value, dict):
        return {name: _filled(inner, one) for name, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, one) for inner in value]
    if isinstance(value, str) and value.startswith("{"):
        return getattr(one, value.strip("{}"))
    return value
