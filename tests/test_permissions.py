"""Who may call what: every route the service has, asked by everyone there is."""

from collections import defaultdict

import pytest
from conftest import Client
from routes import BODIES, One, every_route, names_in, request_of

from api.ids import id_text

# Whoever is asking does not change between databases, so one is enough.
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

# customer: by the private link of the card in question; neighbour: by that of another card of the same business;
# revoked: a till that was cut off; stranger: the owner of another business; software: an API key of this one.
ROLES = ("anyone", "customer", "neighbour", "till", "revoked", "owner", "stranger", "software")
TABLE = """
                                                     anyone customer neighbour till revoked owner stranger software
GET    /api/v1/api-keys                              401    401      401       401  401     200   200      401
POST   /api/v1/api-keys                              401    401      401       401  401     201   201      401
DELETE /api/v1/api-keys/<key_id>                     401    401      401       401  401     204   404      401
GET    /api/v1/business                              401    401      401       401  401     200   200      401
PATCH  /api/v1/business                              401    401      401       401  401     200   200      401
PUT    /api/v1/business/logo                         401    401      401       401  401     200   200      401
DELETE /api/v1/business/logo                         401    401      401       401  401     200   200      401
POST   /api/v1/card-sheets                           401    401      401       401  401     201   404      401
GET    /api/v1/campaigns                             401    401      401       401  401     200   200      401
POST   /api/v1/campaigns                             401    401      401       401  401     201   201      401
GET    /api/v1/campaigns/<campaign_id>               401    401      401       401  401     200   404      401
PATCH  /api/v1/campaigns/<campaign_id>               401    401      401       401  401     200   404      401
GET    /api/v1/campaigns/<campaign_id>/effect        401    401      401       401  401     200   404      401
POST   /api/v1/campaigns/<campaign_id>/endings       401    401      401       401  401     201   404      401
POST   /api/v1/campaigns/<campaign_id>/pauses        401    401      401       401  401     201   404      401
DELETE /api/v1/campaigns/<campaign_id>/pauses/current 401    401      401       401  401     204   404      401
GET    /api/v1/cases                                 401    401      401       200  401     200   200      401
POST   /api/v1/cases                                 401    401      401       201  401     201   404      201
GET    /api/v1/cases/<case_id>                       401    401      401       200  401     200   404      200
POST   /api/v1/cases/<case_id>/declines              401    401      401       401  401     201   404      401
POST   /api/v1/cases/<case_id>/notes                 401    401      401       201  401     201   404      401
POST   /api/v1/cases/<case_id>/remedies              401    401      401       201  401     201   404      401
POST   /api/v1/cases/<offered_id>/approvals          401    401      401       401  401     201   404      401
GET    /api/v1/cards                                 401    401      401       401  401     200   200      200
POST   /api/v1/cards                                 201    401      401       201  201     201   201      201
GET    /api/v1/cards/<code>                          200    200      401       200  200     200   200      200
POST   /api/v1/cards/<code>/adjustments              401    401      401       401  401     201   404      401
GET    /api/v1/cards/<code>/campaigns                200    200      401       200  200     200   200      200
GET    /api/v1/cards/<code>/cases                    200    200      401       200  200     200   200      200
POST   /api/v1/cards/<code>/cases                    201    201      401       201  201     201   201      401
POST   /api/v1/cards/<code>/cases/<answered_id>/ratings 201 201      401       201  201     201   201      401
GET    /api/v1/cards/<code>/customer                 401    200      401       401  401     200   404      401
PUT    /api/v1/cards/<code>/customer                 401    200      401       401  401     200   404      401
DELETE /api/v1/cards/<code>/customer                 401    204      401       401  401     204   404      401
GET    /api/v1/cards/<code>/events                   401    200      401       200  401     200   404      200
POST   /api/v1/cards/<code>/key                      401    201      401       401  401     401   401      401
GET    /api/v1/cards/<code>/live                     200    200      401       200  200     200   200      200
GET    /api/v1/cards/<code>/qr.png                   200    200      401       200  200     200   200      200
GET    /api/v1/cards/<code>/qr.svg                   200    200      401       200  200     200   200      200
POST   /api/v1/cards/<code>/replacements             401    401      401       201  401     201   404      401
GET    /api/v1/cards/<code>/vouchers                 200    200      401       200  200     200   200      200
POST   /api/v1/cards/<code>/voids                    401    401      401       401  401     201   404      401
GET    /api/v1/days                                  401    401      401       401  401     200   200      401
GET    /api/v1/digest                                401    401      401       401  401     200   200      401
POST   /api/v1/events                                401    401      401       401  401     401   401      200
GET    /api/v1/experiments                           401    401      401       401  401     200   200      401
POST   /api/v1/experiments                           401    401      401       401  401     201   404      401
GET    /api/v1/experiments/<experiment_id>/result    401    401      401       401  401     200   404      401
POST   /api/v1/experiments/<experiment_id>/stops     401    401      401       401  401     201   404      401
GET    /api/v1/flags                                 401    401      401       401  401     200   200      401
POST   /api/v1/flags/<flag_id>/reviews               401    401      401       401  401     201   404      401
POST   /api/v1/flags/reviews                         401    401      401       401  401     201   201      401
DELETE /api/v1/insight                               401    401      401       401  401     204   204      401
GET    /api/v1/goodwill                              401    401      401       200  401     200   200      401
PUT    /api/v1/goodwill                              401    401      401       401  401     200   200      401
GET    /api/v1/goodwill/figures                      401    401      401       401  401     200   200      401
GET    /api/v1/insight/at-risk                       401    401      401       401  401     200   200      401
GET    /api/v1/insight/liability                     401    401      401       401  401     200   200      401
GET    /api/v1/insight/retention                     401    401      401       401  401     200   200      401
GET    /api/v1/join/<join_code>                      200    200      200       200  200     200   200      200
GET    /api/v1/kept                                  401    401      401       401  401     200   200      401
POST   /api/v1/kept/<kept_id>/applications           401    401      401       401  401     201   404      401
POST   /api/v1/kept/<kept_id>/dismissals             401    401      401       401  401     201   404      401
GET    /api/v1/owed                                  401    401      401       401  401     200   200      401
POST   /api/v1/owed/<owed_code>/pardons              401    401      401       401  401     201   404      401
POST   /api/v1/pairings                              201    201      201       201  201     201   201      201
GET    /api/v1/programmes                            401    401      401       401  401     200   200      200
POST   /api/v1/programmes                            401    401      401       401  401     201   201      401
PATCH  /api/v1/programmes/<programme>                401    401      401       401  401     200   404      401
GET    /api/v1/programmes/<programme>/experiment-plan 401   401      401       401  401     200   404      401
POST   /api/v1/programmes/<programme>/previews       401    401      401       401  401     200   404      401
GET    /api/v1/programmes/<programme>/scheduled-versions 401 401     401       401  401     200   404      401
DELETE /api/v1/programmes/<programme>/scheduled-versions/<scheduled_id> 401 401 401 401 401 204   404      401
GET    /api/v1/programmes/<programme>/versions       401    401      401       401  401     200   404      401
POST   /api/v1/programmes/<programme>/versions       401    401      401       401  401     201   404      401
GET    /api/v1/programmes/<programme>/versions/compare 401  401      401       401  401     200   404      401
GET    /api/v1/programmes/<programme>/what-if        401    401      401       401  401     200   404      401
GET    /api/v1/reports/<month>.pdf                   401    401      401       401  401     200   200      401
GET    /api/v1/session                               401    401      401       401  401     200   200      401
POST   /api/v1/sessions                              201    201      201       201  201     201   201      201
DELETE /api/v1/sessions/current                      401    401      401       401  401     204   204      401
POST   /api/v1/setup                                 201    201      201       201  201     201   201      201
GET    /api/v1/setup/<token>                         200    200      200       200  200     200   200      200
GET    /api/v1/shops                                 401    401      401       401  401     200   200      401
POST   /api/v1/shops                                 401    401      401       401  401     201   201      401
PATCH  /api/v1/shops/<shop_id>                       401    401      401       401  401     200   404      401
POST   /api/v1/shops/<shop_id>/pairing-codes         401    401      401       401  401     201   404      401
GET    /api/v1/shops/<shop_id>/poster.pdf            401    401      401       401  401     200   404      401
GET    /api/v1/staff                                 401    401      401       401  401     200   200      401
POST   /api/v1/staff                                 401    401      401       401  401     201   201      401
PATCH  /api/v1/staff/<staff_id>                      401    401      401       401  401     200   404      401
PUT    /api/v1/staff/<staff_id>/cards/<own_code>     401    401      401       401  401     200   404      401
DELETE /api/v1/staff/<staff_id>/cards/<own_code>     401    401      401       401  401     204   404      401
POST   /api/v1/sync                                  401    401      401       200  200     401   401      401
GET    /api/v1/till                                  401    401      401       200  401     401   401      401
GET    /api/v1/till/cards/<code>                     401    401      401       200  401     401   401      401
POST   /api/v1/till/sign-ons                         401    401      401       201  401     401   401      401
DELETE /api/v1/till/sign-ons/current                 401    401      401       204  401     401   401      401
GET    /api/v1/till/snapshot                         401    401      401       200  401     401   401      401
GET    /api/v1/tills                                 401    401      401       401  401     200   200      401
PATCH  /api/v1/tills/<till_id>                       401    401      401       401  401     200   404      401
POST   /api/v1/tills/<till_id>/gaps/<first>/reviews  401    401      401       401  401     201   404      401
POST   /api/v1/tills/<till_id>/imported-events       401    401      401       401  401     200   404      401
POST   /api/v1/tills/<till_id>/revocations           401    401      401       401  401     201   404      401
GET    /api/v1/today                                 401    401      401       401  401     200   200      401
GET    /api/v1/vouchers/<slip_code>                  200    200      200       200  200     200   200      200
GET    /api/v1/vouchers/<slip_code>/qr.png           200    200      200       200  200     200   200      200
GET    /api/v1/vouchers/<slip_code>/qr.svg           200    200      200       200  200     200   200      200
POST   /api/v1/vouchers/<voucher_id>/uses            401    401      401       201  401     401   401      401
POST   /api/v1/vouchers/<voucher_id>/uses/<use_id>/voids 401 401     401       409  401     201   404      401
POST   /api/v1/vouchers/<voucher_id>/withdrawals     401    401      401       401  401     201   404      401
GET    /api/v1/webhooks                              401    401      401       401  401     200   200      401
POST   /api/v1/webhooks                              401    401      401       401  401     201   201      401
PATCH  /api/v1/webhooks/<webhook_id>                 401    401      401       401  401     200   404      401
DELETE /api/v1/webhooks/<webhook_id>                 401    401      401       401  401     204   404      401
GET    /api/v1/webhooks/<webhook_id>/deliveries      401    401      401       401  401     200   404      401
POST   /api/v1/webhooks/<webhook_id>/tests           401    401      401       401  401     201   404      401
GET    /api/v1/businesses/<number>/logo.webp         404    404      404       404  404     404   404      404
GET    /                                             302    302      302       302  302     302   302      302
GET    /C/<code>                                     200    200      200       200  200     200   200      200
GET    /JOIN/<shop>                                  200    200      200       200  200     200   200      200
GET    /V/<code>                                     200    200      200       200  200     200   200      200
GET    /c/                                           200    200      200       200  200     200   200      200
GET    /c/<code>                                     200    200      200       200  200     200   200      200
GET    /c/<code>/manifest.webmanifest                200    200      200       200  200     200   200      200
GET    /c/sw.js                                      200    200      200       200  200     200   200      200
GET    /console/                                     200    200      200       200  200     200   200      200
GET    /docs                                         200    200      200       200  200     200   200      200
GET    /healthz                                      200    200      200       200  200     200   200      200
GET    /join/<shop>                                  200    200      200       200  200     200   200      200
GET    /kiosk/                                       200    200      200       200  200     200   200      200
GET    /kiosk/sw.js                                  200    200      200       200  200     200   200      200
GET    /metrics                                      200    200      200       200  200     200   200      200
GET    /openapi.json                                 200    200      200       200  200     200   200      200
GET    /readyz                                       200    200      200       200  200     200   200      200
GET    /v/<code>                                     200    200      200       200  200     200   200      200
"""


def _read(table):
    head, *lines = table.strip().splitlines()
    assert tuple(head.split()) == ROLES
    rows = {}
    for line in lines:
        method, path, *statuses = line.split()
        rows[f"{method} {path}"] = dict(zip(ROLES, map(int, statuses), strict=True))
    return rows


EXPECTED = _read(TABLE)


@pytest.fixture
def everyone(business, stranger):
    """{role: how to make a client of theirs, given the card in question}."""
    revoked = business.till("Lost")
    business.owner.post(f"/tills/{id_text(revoked.id)}/revocations")
    till = business.till()
    app = business.app

    def another_browser(till):  # what one request puts into a browser must not help the next one
        secret = till.client.http.get_cookie("__Host-till").value
        return Client(app, {"__Host-till": secret}, csrf=till.client.headers["X-CSRF-Token"])

    return {
        "anyone": lambda one: Client(app, {}),
        "customer": lambda one: one.card.customer,
        "neighbour": lambda one: One(business).card.customer,
        "till": lambda one: another_browser(till),
        "revoked": lambda one: another_browser(revoked),
        "owner": lambda one: business.sign_in(),
        "stranger": lambda one: stranger.sign_in(),
        "software": lambda one: One(business).software,
    }


def test_every_route_is_in_the_table_and_the_table_has_no_other(app):
    assert set(every_route(app)) - set(EXPECTED) == set(), "say in TABLE who may call these"
    assert set(EXPECTED) - set(every_route(app)) == set(), "these are not there (any more)"


def test_each_is_answered_what_the_table_says(app, business, everyone):
    built = app.config["TENTH_BUILD"] = app.extensions["tenth.settings"].data / "pages"
    built.mkdir()
    for name in ("kiosk.html", "kiosk-sw.js", "customer.html", "customer-sw.js", "console.html", "docs.html"):
        (built / name).write_text(f"({name})")

    differ = {}
    for route, expected in EXPECTED.items():
        got = {role: _status(client_of, One(business), route) for role, client_of in everyone.items()}
        if got != expected:
            differ[route] = {role: (got[role], "not", expected[role]) for role in ROLES if got[role] != expected[role]}

    assert differ == {}


def _status(client_of, one, route):
    method, path, content = request_of(route, one)
    answer = client_of(one).ask(method, path, **content)
    answer.close()
    return answer.status_code


def test_a_change_with_a_cookie_needs_the_proof_that_our_own_page_asks(app, business):
    """A stranger's page can make a browser send the cookie; it cannot read the proof beside it."""
    till, declared, codes = business.till(), every_route(app), defaultdict(set)
    for route, endpoint in declared.items():
        if endpoint is None or route.startswith("GET ") or not {"owner", "till"} & set(endpoint.who):
            continue
        one = One(business)
        method, path, content = request_of(route, one)
        for role in {"owner", "till"} & set(endpoint.who):
            cookies = {"owner": business.owner, "till": till.client}[role].http
            for headers in ({}, {"X-CSRF-Token": "0" * 32}):
                url = f"/api/v1{path}"
                codes[role, route].add(cookies.open(url, method=method, headers=headers, **content).json.get("code"))

    as_anyone = {route for (_, route), found in codes.items() if "anyone" in declared[route].who}
    assert as_anyone == {"POST /api/v1/cards"}, "without proof they are anyone there"
    assert {who: found for who, found in codes.items() if who[1] not in as_anyone and found != {"csrf_missing"}} == {}
    assert len(codes) > 25


def test_the_proof_of_another_sign_in_is_no_proof(business, stranger):
    business.owner.headers["X-CSRF-Token"] = stranger.owner.headers["X-CSRF-Token"]

    assert business.owner.post("/shops", {"name": "Harbour"}).json["code"] == "csrf_missing"


def test_every_body_belongs_to_a_route(app):
    assert set(BODIES) - set(every_route(app)) == set()


def test_everything_a_path_names_can_be_made(app, business):
    one = One(business)

    assert [route for route in every_route(app) for name in names_in(route) if not hasattr(one, name)] == []
