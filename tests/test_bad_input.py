"""A request that is not right is answered with what is wrong with it, on every route, and changes nothing."""

import copy
import json

import pytest
from routes import One, every_route, names_in, path_of, request_of

from api import db
from api.routes.reading import MOST_BYTES

DEEP = b"[" * 100_000
# Never a JSON text, whatever is asked.
MALFORMED = (
    b"", b"{", b'{"name": ', b"{'name': 1}", b'{"name": NaN}', b"Infinity", b'{"name": 1e999}', b"\xff\xfe{}",
    b"\xef\xbb\xbf{}", b'{"name": "\n"}', DEEP, b'{"a":' * 5000 + b"1" + b"}" * 5000,
)  # fmt: skip
GARBAGE = ("%00", "%FF", "..%2F..", "%F0%9F%A5%AA", "'%20OR%201=1--", "x" * 5000, "%0d%0aSet-Cookie:%20a=b", "-1", "{}")
# Secrets may be any text; that they are wrong is another matter.
ANY_TEXT = {"password"}


class Everything:
    """All routes, each with the people who may call it and a right request, and a look at the whole database."""

    def __init__(self, app, business):
        self.app = app
        self.one = One(business)
        till = business.till().client
        self.clients = {
            "owner": business.owner,
            "till": till,
            "software": self.one.software,
            "customer": self.one.card.customer,
            "anyone": app.test_client() and self._anyone(business),
        }
        self.routes = {route: found for route, found in every_route(app).items() if found is not None}
        # What is made when first named, and what is noted at a first visit, comes before any look at the database.
        for route in self.routes:
            request_of(route, self.one)
        self.one.ref  # noqa: B018
        self.one.software.get("/cards")
        till.get("/till")

    @staticmethod
    def _anyone(business):
        return type(business.owner)(business.app, {})

    def with_body(self):
        """Every route that takes JSON."""
        return [route for route, endpoint in self.routes.items() if endpoint.body is not None]

    def right(self, route):
        """The client, method, path and JSON of a right request."""
        who = self.routes[route].who
        client = next(self.clients[role] for role in self.clients if role in who)
        method, path, content = request_of(route, self.one)
        return client, method, path, copy.deepcopy(content.get("json"))

    def rows(self):
        """Every row of every table."""
        with db.reading() as connection:
            return {
                table.name: sorted(map(repr, connection.execute(table.select()).fetchall()))
                for table in db.db.metadata.sorted_tables
            }


@pytest.fixture
def everything(app, business):
    return Everything(app, business)


def problem_of(answer):
    """Its status and code, checked to be a whole problem."""
    assert answer.mimetype == "application/problem+json", answer.text[:300]
    body = answer.json
    assert body["status"] == answer.status_code
    assert {"type", "code", "title", "detail"} <= {*body}
    return answer.status_code, body["code"]


def test_what_is_not_json_is_malformed(everything):
    before = everything.rows()
    wrong = {}
    for route in everything.with_body():
        client, method, path, _ = everything.right(route)
        for data in MALFORMED:
            answer = client.ask(method, path, data=data, content_type="application/json")
            if problem_of(answer) != (400, "malformed_json"):
                wrong[route, data[:20]] = answer.text[:200]

    assert wrong == {}
    assert everything.rows() == before


@pytest.mark.parametrize("data", [b"[]", b"null", b'"text"', b"5", b"true", b"[{}]"])
def test_json_that_is_no_object_is_invalid(everything, data):
    before = everything.rows()
    wrong = {}
    for route in everything.with_body():
        client, method, path, _ = everything.right(route)
        answer = client.ask(method, path, data=data, content_type="application/json")
        if problem_of(answer) != (422, "invalid") or answer.json["errors"][0]["pointer"] != "":
            wrong[route] = answer.text[:200]

    assert wrong == {}
    assert everything.rows() == before


def test_an_unknown_key_is_named(everything):
    before = everything.rows()
    wrong = {}
    for route in everything.with_body():
        client, method, path, body = everything.right(route)
        answer = client.ask(method, path, json=body | {"sur~pri/se": 1})
        pointers = [error["pointer"] for error in answer.json.get("errors", [])]
        if problem_of(answer) != (422, "invalid") or pointers != ["/sur~0pri~1se"]:
            wrong[route] = answer.text[:200]

    assert wrong == {}
    assert everything.rows() == before


def test_a_value_of_the_wrong_type_is_pointed_at(everything):
    before = everything.rows()
    wrong = {}
    for route, client, method, path, name, body in each_field(everything):
        value = body[name]
        body[name] = "text" if isinstance(value, dict | list) else {"un": "fit"}
        answer = client.ask(method, path, json=body)
        pointers = {error["pointer"] for error in answer.json.get("errors", [])}
        if problem_of(answer) != (422, "invalid") or not any(p.split("/")[1] == name for p in pointers):
            wrong[route, name] = answer.text[:200]

    assert wrong == {}
    assert everything.rows() == before


@pytest.mark.parametrize("number", [10**30, 2**63, -(2**63) - 1, 1e300, 0.5])
def test_a_number_beyond_all_limits_is_pointed_at(everything, number):
    before = everything.rows()
    wrong = {}
    for route, client, method, path, name, body in each_field(everything):
        if type(body[name]) is int:
            answer = client.ask(method, path, json=body | {name: number})
            if problem_of(answer) != (422, "invalid"):
                wrong[route, name] = answer.text[:200]

    assert wrong == {}
    assert everything.rows() == before


@pytest.mark.parametrize("text", ["a\x00b", "\x00", " \t", "", "\ud83e", "x" * 2000, "\u202e" * 400])
def test_text_that_no_field_takes_breaks_nothing(everything, text):
    broken = {}
    for route, client, method, path, name, body in each_field(everything):
        if isinstance(body[name], str):
            before = everything.rows()
            answer = client.ask(method, path, data=json.dumps(body | {name: text}), content_type="application/json")
            # Half an emoji is mended, which a name may well have; nothing else here is a text for any field.
            if answer.status_code >= 500 or (answer.status_code < 300 and text != "\ud83e" and name not in ANY_TEXT):
                broken[route, name] = answer.text[:200]
            # A wrong password is counted; nothing else leaves a trace.
            if answer.status_code >= 300 and name not in ANY_TEXT and everything.rows() != before:
                broken[route, name] = "something was written"

    assert broken == {}


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_another_content_type_is_refused(everything, kind):
    before = everything.rows()
    wrong = {}
    for route, endpoint in everything.routes.items():
        if endpoint.body is not None or endpoint.raw_body:
            client, method, path, body = everything.right(route)
            answer = client.ask(method, path, data=json.dumps(body), content_type=kind)
            if problem_of(answer) != (415, "json_needed" if endpoint.body is not None else "image_needed"):
                wrong[route] = answer.text[:200]

    assert wrong == {}
    assert everything.rows() == before


@pytest.mark.parametrize("measured", [True, False])
def test_a_body_over_a_mebibyte_is_too_large(everything, measured):
    before = everything.rows()
    wrong = {}
    large = b'{"name": "' + b"x" * MOST_BYTES + b'"}'
    for route, endpoint in everything.routes.items():
        if endpoint.body is not None or endpoint.raw_body:
            client, method, path, _ = everything.right(route)
            kind = "application/json" if endpoint.body is not None else endpoint.raw_body[0]
            # Without a length, as a server passes on a body that comes in chunks.
            chunked = {} if measured else {"environ_overrides": {"CONTENT_LENGTH": "", "wsgi.input_terminated": True}}
            answer = client.ask(method, path, data=large, content_type=kind, **chunked)
            if problem_of(answer) != (413, "too_large"):
                wrong[route] = answer.text[:200]

    assert wrong == {}
    assert everything.rows() == before


def test_a_query_nobody_asked_for_is_refused_by_name(everything):
    before = everything.rows()
    wrong = {}
    for route in everything.routes:
        client, method, path, body = everything.right(route)
        answer = client.ask(method, f"{path}?surprise=1", **({"json": body} if body is not None else {}))
        found = answer.json.get("pointer") or answer.json["errors"][0]["pointer"]
        if problem_of(answer) != (422, "invalid") or found != "?surprise":
            wrong[route] = answer.text[:200]

    assert wrong == {}
    assert everything.rows() == before


def test_a_query_parameter_given_twice_is_refused(everything):
    wrong = {}
    for route, endpoint in everything.routes.items():
        for name in endpoint.query.model_fields if endpoint.query is not None else ():
            client, method, path, _ = everything.right(route)
            answer = client.ask(method, f"{path}?{name}=1&{name}=1")
            if problem_of(answer) != (422, "invalid") or answer.json["pointer"] != f"?{name}":
                wrong[route, name] = answer.text[:200]

    assert wrong == {}


def test_a_query_parameter_that_makes_no_sense_is_refused(everything):
    wrong = {}
    for route, endpoint in everything.routes.items():
        for name in endpoint.query.model_fields if endpoint.query is not None else ():
            for value in ("%00", "x" * 1000, "%FF"):
                client, method, path, _ = everything.right(route)
                answer = client.ask(method, f"{path}?{name}={value}")
                if answer.status_code >= 500 or (answer.status_code < 300 and value != "%FF"):
                    wrong[route, name, value[:9]] = answer.text[:200]

    assert wrong == {}


def test_a_method_an_address_does_not_take_is_refused_with_those_it_takes(everything, app):
    wrong, methods = {}, {}
    for route in every_route(app):
        method, rule = route.split(" ", 1)
        methods.setdefault(rule, set()).add(method)
    for rule, known in methods.items():
        if any(name not in [*dir(One), *vars(everything.one)] for name in names_in(f"GET {rule}")):
            continue  # a page; what it names is not of the API
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - known:
            answer = everything.clients["owner"].ask(method, path_of(f"{method} {rule}", everything.one))
            allowed = set(answer.headers.get("Allow", "").split(", ")) - {"HEAD", "OPTIONS"}
            if problem_of(answer) != (405, "method_not_allowed") or allowed != known:
                wrong[method, rule] = answer.text[:200]

    assert wrong == {}


def test_garbage_in_an_address_is_simply_not_there(everything):
    before = everything.rows()
    wrong = {}
    for route in everything.routes:
        for name in names_in(route):
            client, method, path, body = everything.right(route)
            for garbage in GARBAGE:
                bad = path.replace(str(getattr(everything.one, name)), garbage)
                answer = client.ask(method, bad, **({"json": body} if body is not None else {}))
                # An id made of slashes is another address, which may take other methods.
                if answer.status_code not in (401, 404, 405):
                    wrong[route, name, garbage[:12]] = answer.text[:200]
                elif answer.mimetype == "application/problem+json":
                    problem_of(answer)
                assert "Set-Cookie" not in answer.headers

    assert wrong == {}
    assert everything.rows() == before


def test_an_address_nobody_knows_is_a_problem_too(anyone):
    for path in ("/nothing", "//nothing", "/cards/", "//api/v2/cards", "//static/build/none.js", "//%00", "//%FF"):
        assert problem_of(anyone.get(path)) == (404, "not_found"), path


def test_an_unknown_card_has_its_own_code_and_says_which(everything):
    unknown = "AAAAAAAAAAAAAAAAA1"
    wrong = {}
    for route, endpoint in everything.routes.items():
        if "/cards/<code>" in route and endpoint.who != ("customer",):
            who = [role for role in endpoint.who if role != "customer"]
            client, method, path, body = everything.right(route)
            client = next(everything.clients[role] for role in everything.clients if role in who)
            answer = client.ask(
                method, path.replace(everything.one.code, unknown), **({"json": body} if body is not None else {})
            )
            if problem_of(answer) != (404, "unknown_card") or answer.json.get("value") != unknown:
                wrong[route] = answer.text[:200]

    assert wrong == {}


def test_no_error_repeats_a_secret(anyone, owner):
    long = "correct horse battery staple" * 20
    answers = [
        anyone.post("/sessions", {"email": "ada@example.com", "password": long}),
        anyone.post("/setup", {"token": long, "owner": {"name": "", "email": "", "password": long}}),
        owner.post("/staff", {"name": "Ann", "pin": "123456789"}),
    ]

    assert {answer.status_code for answer in answers} == {422}
    assert not any("correct horse" in answer.text or "123456789" in answer.text for answer in answers)


def each_field(everything):
    """Every field of every right body, with a fresh copy to spoil."""
    for route in everything.with_body():
        for name in everything.right(route)[3] or ():
            client, method, path, body = everything.right(route)
            yield route, client, method, path, name, body


class TestClaims:
    """A till's claims are its word: what cannot be read is kept, and spoils nothing that came along with it."""

    UNREADABLE = (
        None, 5, "text", [], {}, {"id": "no id"}, {"id": None, "kind": "stamp"}, [[[[]]]],
        {"kind": "gift", "quantity": 1}, {"reason": "\x00"}, {"quantity": 1e30}, {"happened_at": "yesterday"},
    )  # fmt: skip

    def test_what_cannot_be_read_is_kept_and_the_others_count(self, till, make_card, owner):
        card = make_card()
        good = [till.stamp(card), till.stamp(card)]

        results = till.send(good[0], *self.UNREADABLE, good[1])

        assert [result["status"] for result in results] == ["applied", *["kept"] * len(self.UNREADABLE), "applied"]
        assert {result["reason"] for result in results[1:-1]} == {"bad_event"}
        assert card.face["stamps"] == 2
        kept = owner.get("/kept?limit=200").json["items"]
        assert sorted(repr(item["claim"]) for item in kept) == sorted(map(repr, self.UNREADABLE))

    def test_kept_claims_sent_again_are_kept_once(self, till, owner):
        till.send(*self.UNREADABLE)
        first = owner.get("/kept?limit=200").json["items"]
        till.send(*self.UNREADABLE)

        assert owner.get("/kept?limit=200").json["items"] == first

    @pytest.mark.parametrize("depth", [100, 300, 900])
    def test_even_the_deepest_nonsense_is_kept(self, till, make_card, owner, depth):
        card, nonsense = make_card(), "x"
        for _ in range(depth):
            nonsense = [nonsense]

        results = till.send(till.stamp(card), {"kind": nonsense}, till.stamp(card))

        assert [result["status"] for result in results] == ["applied", "kept", "applied"]
        assert len(owner.get("/kept").json["items"]) == 1

    def test_half_an_emoji_in_a_reason_is_no_reason_to_lose_a_stamp(self, till, make_card):
        card = make_card()
        stamp = till.stamp(card, reason="queue \ud83e")
        text = json.dumps({"sent_at": stamp["happened_at"], "events": [stamp, till.stamp(card, reason="\U0001f96a")]})
        assert "\\ud83e" in text

        answer = till.client.ask("POST", "/sync", data=text, content_type="application/json")

        assert [result["status"] for result in answer.json["results"]] == ["applied", "applied"]
        reasons = [line["reason"] for line in till.client.get(f"/cards/{card.code}/events").json["items"]]
        assert sorted(reasons) == ["queue �", "\U0001f96a"]

    def test_a_batch_of_more_than_a_thousand_is_refused_whole(self, till, make_card):
        stamp = till.stamp(make_card())

        answer = till.client.post("/sync", {"sent_at": stamp["happened_at"], "events": [stamp] * 1001})

        assert problem_of(answer) == (422, "invalid")
        assert answer.json["errors"][0]["pointer"] == "/events"
