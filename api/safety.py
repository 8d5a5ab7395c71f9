"""The headers that keep pages safe, on every answer: added where they cost least, at the edge of the service."""

from collections.abc import Callable, Iterable
from typing import Any

CSP = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; font-src 'self'; media-src 'self' blob:; worker-src 'self'; manifest-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = [
    ("Content-Security-Policy", CSP),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Permissions-Policy", "camera=(self), microphone=(), geolocation=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
]
HEADERS_OVER_HTTPS = [*HEADERS, ("Strict-Transport-Security", "max-age=31536000")]

Service = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def keep_safe(service: Service) -> Service:
    """The same service, every answer with the headers."""

    def safe(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        more = HEADERS_OVER_HTTPS if environ["wsgi.url_scheme"] == "https" else HEADERS

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            return start_response(status, headers + more, *rest)

        return service(environ, start)

    return safe
