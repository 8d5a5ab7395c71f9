"""The description of the API is right, whole and for everybody to read."""

import json
import re
import time
from pathlib import Path

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from routes import every_route

from api.errors import CODES
from api.outside.webhooks import secret_text, signed

GUIDE = (Path(__file__).resolve().parents[1] / "docs" / "api.md").read_text(encoding="utf-8")


@pytest.fixture
def description(anyone):
    answer = anyone.get("//openapi.json")
    assert answer.status_code == 200
    return answer.json


def operations(description):
    """{"GET /api/v1/session": what is said of it}."""
    return {
        f"{method.upper()} {path}": operation
        for path, item in description["paths"].items()
        for method, operation in item.items()
    }


def as_openapi(route):
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route)


def test_it_is_valid_openapi(description):
    assert description["openapi"].startswith("3.1")
    assert [str(error.message) for error in OpenAPIV31SpecValidator(description).iter_errors()] == []


def test_it_tells_of_every_declared_route_and_of_no_other(description, app):
    declared = {as_openapi(route) for route, endpoint in every_route(app).items() if endpoint}

    assert {*operations(description)} == declared


def test_every_address_is_in_the_description_or_in_the_guide(description, app):
    known = {*description["paths"]}
    paths = {as_openapi(route.split(" ", 1)[1]) for route in every_route(app)}

    assert {path for path in paths - known if f"`{path}`" not in GUIDE} == set()


def test_every_address_the_guide_names_exists(app):
    named = {re.sub(r"\{\w+\}", "{}", path) for path in re.findall(r"/api/v1(?:/[\w{}.-]+)+", GUIDE)}
    there = {re.sub(r"<\w+>", "{}", route.split(" ", 1)[1]) for route in every_route(app)}

    assert named - there == set()


def test_every_code_the_guide_names_exists():
    codes = set(re.findall(r"\b[45]\d\d `(\w+)`", GUIDE))

    assert codes
    assert codes - {*CODES} == set()


def test_every_operation_is_told_in_full(description):
    incomplete = {
        name
        for name, operation in operations(description).items()
        if not operation.get("summary")
        or not operation.get("description")
        or not any(status.startswith("2") for status in operation["responses"])
        or not operation["security"]
    }
    ids = [operation["operationId"] for operation in operations(description).values()]

    assert incomplete == set()
    assert len(ids) == len(set(ids))
    assert [name for name in description["components"]["schemas"] if "__" in name] == [], "two types of one name"


def test_every_problem_an_operation_may_answer_is_named(description):
    operation = operations(description)["POST /api/v1/cards/{code}/adjustments"]
    responses = description["components"]["responses"]

    codes = set()
    for answer in operation["responses"].values():
        if "$ref" in answer:
            content = responses[answer["$ref"].split("/")[-1]]["content"]["application/problem+json"]
            codes |= {*content["schema"]["allOf"][1]["properties"]["code"]["enum"]}

    assert codes == {
        "malformed_json", "sign_in_needed", "csrf_missing", "unknown_card", "below_zero", "unknown_tier",
        "idempotency_key_reused", "too_large", "json_needed", "invalid", "slow_down", "busy",
    }  # fmt: skip


def test_it_says_who_may_ask(description):
    said = operations(description)

    assert said["POST /api/v1/events"]["security"] == [{"software": []}]
    assert said["POST /api/v1/sync"]["security"] == [{"till": [], "csrf": []}]
    assert {} in said["GET /api/v1/cards/{code}"]["security"]


def test_it_is_not_sent_twice_to_whoever_has_it(anyone):
    first = anyone.get("//openapi.json")
    again = anyone.get("//openapi.json", headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")


def test_the_guides_example_accepts_what_we_sign_and_nothing_else():
    (example,) = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    names = {}
    exec(example, names)
    check, key, body = names["is_from_tenth"], b"k" * 32, b'{"type":"test"}'
    now = int(time.time() * 1000)
    headers = signed(key, "01930a5e-7c4b-7d2a-9f3e-5b6c7d8e9f0a", body, now=now)

    assert check(secret_text(key), headers, body)
    assert not check(secret_text(key), headers, body + b" ")
    assert not check(secret_text(b"x" * 32), headers, body)
    assert not check(secret_text(key), signed(key, "01930a5e", body, now=now - 600_000), body)


def test_the_guides_json_is_json():
    for example in re.findall(r"```json\n(.*?)```", GUIDE, re.DOTALL):
        json.loads(example)


def test_the_page_to_read_is_there(anyone):
    answer = anyone.get("//docs")

    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
