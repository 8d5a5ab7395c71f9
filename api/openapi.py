"""The API described in OpenAPI 3.1, made from what the routes declare: what it says is what the door checks."""

import re
import sys
from collections.abc import Callable, Iterator
from typing import Any

from flask import Flask
from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from api.auth import OWNER_COOKIE, TILL_COOKIE
from api.errors import CODES
from api.routes.door import Endpoint

Json = dict[str, Any]

ABOUT = (
    "The loyalty card behind the counter. Everything the three pages do, they do through this API. "
    "Bodies are JSON, unknown keys are refused, every error is `application/problem+json` with a `code` that never "
    "changes. Money is in the currency's smallest unit, times are UTC. The guide is in docs/api.md."
)
PROBLEM = "#/components/schemas/Problem"
# What a problem always says; some say more (pointer and value, errors, reason, retry_after_seconds, …).
PROBLEM_SCHEMA: Json = {
    "type": "object",
    "description": "What is wrong with a request (RFC 9457).",
    "required": ["type", "code", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "code": {"type": "string", "description": "For software; it never changes."},
        "title": {"type": "string", "description": "For developers, in English."},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "pointer": {"type": "string", "description": "Where the value is: a JSON pointer, ?name or a header's name."},
        "value": {"description": "The value that caused it."},
        "errors": {
            "type": "array",
            "description": "With `invalid`: every value that is not right.",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "message", "value"],
                "properties": {
                    "pointer": {"type": "string"},
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                    "value": {},
                },
            },
        },
    },
}
SECURITY_SCHEMES: Json = {
    "owner": {"type": "apiKey", "in": "cookie", "name": OWNER_COOKIE, "description": "An owner's sign-in."},
    "till": {"type": "apiKey", "in": "cookie", "name": TILL_COOKIE, "description": "A paired till."},
    "csrf": {
        "type": "apiKey",
        "in": "header",
        "name": "X-CSRF-Token",
        "description": f"The value of the cookie {OWNER_COOKIE}-csrf or {TILL_COOKIE}-csrf.",
    },
    "software": {"type": "http", "scheme": "bearer", "description": "An API key the owner made."},
    "customer": {"type": "http", "scheme": "bearer", "description": "The secret of a card's private link."},
}
HEADERS: Json = {
    "RateLimit": {"description": "What is left of the limit, and for how long.", "schema": {"type": "string"}},
    "RateLimit-Policy": {
        "description": "The limit: requests (q) in a window of seconds (w).",
        "schema": {"type": "string"},
    },
    "Retry-After": {"description": "Seconds to wait.", "required": True, "schema": {"type": "integer", "minimum": 1}},
    "ETag": {"description": "Send it back in If-None-Match.", "required": True, "schema": {"type": "string"}},
    "Link": {"description": 'The next page: `<…>; rel="next"`; absent on the last.', "schema": {"type": "string"}},
    "Idempotency-Replayed": {
        "description": "true when this request was answered before.",
        "schema": {"type": "string", "enum": ["true"]},
    },
}


def document(app: Flask, messages: dict[str, tuple[Any, str]]) -> Json:
    """The whole description. messages: what webhooks send, by name: its type and what it is for."""
    views = list(_views(app))
    schemas, definitions = _schemas(views, messages)
    paths: dict[str, Json] = {}
    problems: Json = {}
    for url, view in views:
        paths.setdefault(url, {})[view.endpoint.method.lower()] = _operation(url, view, schemas, problems)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Tenth", "version": "1", "description": ABOUT},
        "servers": [{"url": "/"}],
        "tags": _tags(views),
        "paths": dict(sorted(paths.items())),
        "webhooks": {name: _message(schemas[name], about) for name, (_, about) in messages.items()},
        "components": {
            "schemas": {"Problem": PROBLEM_SCHEMA} | definitions,
            "responses": dict(sorted(problems.items())),
            "securitySchemes": SECURITY_SCHEMES,
            "headers": HEADERS,
        },
    }


def _views(app: Flask) -> Iterator[tuple[str, Any]]:
    """Every declared endpoint with its URL, as OpenAPI writes it."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if hasattr(view, "endpoint"):
            yield re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), view


def _schemas(views: list[tuple[str, Any]], messages: dict[str, tuple[Any, str]]) -> tuple[dict[Any, Json], Json]:
    """The JSON schema of every type that is sent or taken, and the definitions they share."""
    wanted: dict[Any, Any] = {name: kind for name, (kind, _) in messages.items()}
    for _, view in views:
        endpoint = view.endpoint
        kinds = {"body": endpoint.body, "query": endpoint.query, endpoint.status: endpoint.answer} | endpoint.also
        wanted |= {(view.__name__, key): kind for key, kind in kinds.items() if kind is not None}
    found, shared = TypeAdapter.json_schemas(
        [(key, "validation", TypeAdapter(kind)) for key, kind in wanted.items()],
        schema_generator=_Plain,
        ref_template="#/components/schemas/{model}",
    )
    return {key: schema for (key, _), schema in found.items()}, shared.get("$defs", {})


class _Plain(GenerateJsonSchema):
    """Schemas without a title on each field that says the field's name again."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def _operation(url: str, view: Callable[..., Any], schemas: dict[Any, Json], problems: Json) -> Json:
    endpoint: Endpoint = view.endpoint  # type: ignore[attr-defined]
    name = view.__name__
    text = " ".join((view.__doc__ or "").split())
    operation: Json = {
        "operationId": name,
        "tags": [_tag(view)],
        "summary": text.split(". ")[0].rstrip("."),
        "description": text,
        "security": _security(endpoint),
        "parameters": _parameters(url, endpoint, schemas.get((name, "query"), {})),
        "responses": _answers(endpoint, name, schemas) | _problems(endpoint, problems),
    }
    if endpoint.body is not None:
        operation["requestBody"] = _content("application/json", schemas[name, "body"]) | {"required": True}
    elif endpoint.raw_body:
        operation["requestBody"] = {"content": {kind: {} for kind in endpoint.raw_body}, "required": True}
    return {key: value for key, value in operation.items() if value != []}


def _security(endpoint: Endpoint) -> list[Json]:
    ways: list[Json] = []
    for who in endpoint.who:
        if who == "anyone":
            ways.append({})
        elif who in ("owner", "till") and endpoint.needs_csrf:
            ways.append({who: [], "csrf": []})
        else:
            ways.append({who: []})
    return ways


def _parameters(url: str, endpoint: Endpoint, query: Json) -> list[Json]:
    parameters: list[Json] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)}", url)
    ]
    properties = query.get("properties", {})
    for name, schema in properties.items():
        parameter = {"name": name, "in": "query", "required": name in query.get("required", []), "schema": schema}
        parameters.append(parameter | ({"description": schema["description"]} if "description" in schema else {}))
    if endpoint.once:
        parameters.append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "description": "The same key with the same request gives the same answer, for ever, and one effect.",
                "schema": {
                    "type": "string",
                    "minLength": endpoint.shortest_key,
                    "maxLength": 200,
                    "pattern": "^[!-~]([ -~]*[!-~])?$",
                },
            }
        )
    if 304 in endpoint.also:
        parameters.append({"name": "If-None-Match", "in": "header", "schema": {"type": "string"}})
    return parameters


def _answers(endpoint: Endpoint, name: str, schemas: dict[Any, Json]) -> Json:
    headers = ["RateLimit", "RateLimit-Policy"] if endpoint.limit is not None else []
    if 304 in endpoint.also:
        headers.append("ETag")
    if endpoint.once:
        headers.append("Idempotency-Replayed")
    if endpoint.query is not None and "cursor" in endpoint.query.model_fields:
        headers.append("Link")
    answers: Json = {}
    for status in (endpoint.status, *endpoint.also):
        answer = {"description": "Not modified." if status == 304 else "Done."} | _headers(headers)
        if status not in (204, 304):
            kind = endpoint.produces if status == endpoint.status else "application/json"
            answer |= _content(kind, schemas.get((name, status)))
        answers[str(status)] = answer
    return answers


def _problems(endpoint: Endpoint, problems: Json) -> Json:
    """What can go wrong, by status; each set of codes is described once, among all problems."""
    by_status: dict[int, list[str]] = {}
    for code in sorted(endpoint.codes):
        by_status.setdefault(CODES[code][0], []).append(code)
    answers: Json = {}
    for status, codes in sorted(by_status.items()):
        name = "-or-".join(codes)
        headers = ["RateLimit", "RateLimit-Policy"] + (["Retry-After"] if status in (429, 503) else [])
        schema = {"allOf": [{"$ref": PROBLEM}, {"properties": {"code": {"enum": codes}}}]}
        text = " ".join(f"`{code}`: {CODES[code][1]}" for code in codes)
        problems[name] = {"description": text} | _headers(headers) | _content("application/problem+json", schema)
        answers[str(status)] = {"$ref": f"#/components/responses/{name}"}
    return answers


def _headers(names: list[str]) -> Json:
    return {"headers": {name: {"$ref": f"#/components/headers/{name}"} for name in names}} if names else {}


def _content(kind: str, schema: Json | None) -> Json:
    return {"content": {kind: {} if schema is None else {"schema": schema}}}


def _tag(view: Callable[..., Any]) -> str:
    return view.__module__.rsplit(".", 1)[-1].replace("_", " ")


def _tags(views: list[tuple[str, Any]]) -> list[Json]:
    """One tag for each file of routes, said in that file's own first sentence."""
    about = {_tag(view): (sys.modules[view.__module__].__doc__ or "").split("\n")[0] for _, view in views}
    return [{"name": name, "description": text} for name, text in sorted(about.items())]


def _message(schema: Json, about: str) -> Json:
    """What a webhook sends, with its three signature headers (Standard Webhooks)."""
    headers = {
        "webhook-id": "The same at each try of the same message.",
        "webhook-timestamp": "Seconds since 1970; refuse what is older than five minutes.",
        "webhook-signature": "v1, and the base64 HMAC-SHA256 of `id.timestamp.body` under the webhook's secret.",
    }
    parameters = [
        {"name": name, "in": "header", "required": True, "description": text, "schema": {"type": "string"}}
        for name, text in headers.items()
    ]
    return {
        "post": {
            "summary": about,
            "parameters": parameters,
            "requestBody": _content("application/json", schema) | {"required": True},
            "responses": {"200": {"description": "Any 2xx within five seconds: it has arrived."}},
        }
    }
