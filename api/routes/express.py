"""The short way in for what a shop asks all day, a stamp and a card: the same declaration and view, without Flask's
own preparations around them, which cost as much as the stamp. Whatever is not plain takes the usual way."""

from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from api import errors
from api.routes.reading import MOST_BYTES

Service = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def express(app: Flask, usual: Service) -> Service:
    """The same service; endpoints declared `in_turn` are answered at once."""
    views = [(rule, app.view_functions[rule.endpoint]) for rule in app.url_map.iter_rules()]
    ways = {
        (view.endpoint.method, rule.rule.partition("<")[0]): (rule, view)
        for rule, view in views
        if hasattr(view, "endpoint") and view.endpoint.in_turn
    }

    def service(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path: str = environ["PATH_INFO"]
        head, _, last = path.rpartition("/")
        method = environ["REQUEST_METHOD"]
        way = ways.get((method, path)) or ways.get((method, head + "/"))
        if way is None or not last or not _is_plain(environ, path):
            return usual(environ, start_response)
        return _answer(app, way, last, environ, start_response)

    return service


def _is_plain(environ: dict[str, Any], path: str) -> bool:
    """No query, no bearer, nothing unusual in the path, and a body whose length is known and small, or none."""
    if environ.get("QUERY_STRING") or "HTTP_AUTHORIZATION" in environ or not path.isascii():
        return False
    if environ["REQUEST_METHOD"] == "GET":
        return True
    length = environ.get("CONTENT_LENGTH", "")
    return length.isdecimal() and int(length) <= MOST_BYTES


def _answer(
    app: Flask, way: tuple[Rule, Any], last: str, environ: dict[str, Any], start_response: Callable[..., Any]
) -> Iterable[bytes]:
    rule, view = way
    environ["tenth.rule"] = rule
    with app.app_context():
        try:
            response = view.answer_to(environ, app, dict.fromkeys(rule.arguments, last))
        except Exception as error:
            response = errors.answer(error)
    body = response.get_data()
    headers = response.headers.to_wsgi_list()
    if response.status_code != 304:
        headers.append(("Content-Length", str(len(body))))
    start_response(response.status, headers)
    return [body]
