"""Every setting there is: one table, read once from the environment when the service starts."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit


class BadSetting(SystemExit):
    """A setting that cannot be used; the message is the whole explanation and ends the start."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table: the name without TENTH_, what it is when not set, and what it is for."""

    name: str
    default: str
    help: str


TABLE = (
    Setting("DATA", "data", "Folder for the database, the secret key and what the service keeps."),
    Setting("DATABASE_URL", "", "postgresql://… for PostgreSQL; empty for SQLite inside TENTH_DATA."),
    Setting("HOST", "127.0.0.1", "Address to listen on."),
    Setting("PORT", "8000", "Port to listen on, 1 to 65535."),
    Setting(
        "PUBLIC_URL", "", "The address customers' phones reach, as it stands in QR codes; empty: http://localhost:PORT."
    ),
    Setting("THREADS", "64", "Threads that answer requests, 24 to 1000; sixteen stay free of live streams."),
    Setting("TRUST_PROXY", "0", "How many reverse proxies stand in front, 0 to 5; their X-Forwarded-* is believed."),
    Setting(
        "RATE_LIMITS",
        "1",
        "How many times the usual request limits, 1 to 1000000; more than 1 is for load tests.",
    ),
    Setting("METRICS", "off", "on answers /metrics to whoever can reach the service; off to this machine alone."),
    Setting("WEBHOOKS_TO_PRIVATE", "off", "on allows webhooks to addresses inside your own network."),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings as the service uses them."""

    data: Path
    database_url: str
    host: str
    port: int
    public_url: str
    threads: int
    trust_proxy: int
    rate_limits: int
    metrics_for_all: bool
    webhooks_to_private: bool

    @property
    def on_sqlite(self) -> bool:
        """Is the embedded database in use?"""
        return self.database_url.startswith("sqlite")


def read(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings from the environment. Raises BadSetting for an unknown name or value."""
    environment = os.environ if environment is None else environment
    known = {f"TENTH_{row.name}": row for row in TABLE}
    for name in environment:
        if name.startswith("TENTH_") and name not in known:
            raise BadSetting(f"{name} is not a setting of Tenth. Known: {', '.join(known)}.")
    value = {row.name: environment.get(name) or row.default for name, row in known.items()}

    data = Path(value["DATA"]).expanduser().absolute()
    port = _number("PORT", value["PORT"], 1, 65_535)
    here = "localhost" if value["HOST"] in ("127.0.0.1", "0.0.0.0") else value["HOST"]  # noqa: S104
    return Settings(
        data=data,
        database_url=_database_url(value["DATABASE_URL"], data),
        host=value["HOST"],
        port=port,
        public_url=_public_url(value["PUBLIC_URL"] or f"http://{here}:{port}"),
        threads=_number("THREADS", value["THREADS"], 24, 1000),
        trust_proxy=_number("TRUST_PROXY", value["TRUST_PROXY"], 0, 5),
        rate_limits=_number("RATE_LIMITS", value["RATE_LIMITS"], 1, 1_000_000),
        metrics_for_all=_switch("METRICS", value["METRICS"]),
        webhooks_to_private=_switch("WEBHOOKS_TO_PRIVATE", value["WEBHOOKS_TO_PRIVATE"]),
    )


def _number(name: str, text: str, low: int, high: int) -> int:
    if not text.isdecimal() or not low <= int(text) <= high:
        raise BadSetting(f"TENTH_{name} is {text!r}; it must be a whole number from {low} to {high}.")
    return int(text)


def _switch(name: str, text: str) -> bool:
    if text not in ("on", "off"):
        raise BadSetting(f"TENTH_{name} is {text!r}; it must be on or off.")
    return text == "on"


def _database_url(url: str, data: Path) -> str:
    if not url:
        return f"sqlite:///{data / 'tenth.db'}"
    scheme, colon, rest = url.partition("://")
    if scheme in ("postgres", "postgresql", "postgresql+psycopg") and colon:
        return f"postgresql+psycopg://{rest}"
    if scheme == "sqlite" and rest.startswith("/"):
        return url
    raise BadSetting(f"TENTH_DATABASE_URL begins with {scheme!r}; it must be a postgresql:// or sqlite:/// address.")


def _public_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path.strip("/") or parts.query:
        raise BadSetting(f"TENTH_PUBLIC_URL is {url!r}; it must be like https://cards.example.com.")
    return url.rstrip("/")
