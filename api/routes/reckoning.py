"""Questions to the whole ledger: reckoned beside the service; until the answer is there, 202 tells how far it is."""

from collections.abc import Callable
from typing import Any

from flask import current_app

from api import columns_file, db
from api.analyses import Analyses, Progress, Tell
from api.routes.door import Asked
from api.routes.insight_faces import Reading
from api.shapes import json_bytes
from api.store import columns as column_store
from insight.columns import Columns

# A small shop's answer is there by then; for a big one the page shows how far it is.
PATIENCE_SECONDS = 1.5
LATER: dict[int, Any] = {202: Reading}

JSON, PDF = "application/json", "application/pdf"

Reckon = Callable[[Columns], dict[str, Any] | None]
Draw = Callable[[Columns], bytes]


def reckoned(asked: Asked, question: str, reckon: Reckon, *parameters: Any) -> Any:
    """What is reckoned from the columns of whoever asks, or how far that is. question, parameters: what makes it one.

    `reckon` runs in a thread of its own, within the app; what it raises is raised here.
    """
    return _answer(asked, (question, *parameters), lambda columns: json_bytes(reckon(columns)), JSON)


def drawn(asked: Asked, question: str, draw: Draw, *parameters: Any) -> Any:
    """The same for what is reckoned and put on paper: `draw` returns a PDF."""
    return _answer(asked, (question, *parameters), draw, PDF)


def _answer(asked: Asked, question: tuple[Any, ...], make: Draw, mimetype: str) -> Any:
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    folder = asked.settings.data / "columns" / str(asked.business_id)
    business_id = asked.business_id

    def work(tell: Tell) -> bytes:
        with app.app_context():
            with db.reading() as connection, columns_file.held(folder) as files:
                columns = column_store.columns(connection, business_id, files, progress=tell)
            return make(columns)

    found = _analyses().ask((business_id, *question), work, patience=PATIENCE_SECONDS)
    if isinstance(found, Progress):
        return {"done": found.done, "of": found.of}, 202
    return current_app.response_class(found, mimetype=mimetype)


def cancel(asked: Asked) -> None:
    """Nobody waits any more for what this business has asked."""
    _analyses().cancel(asked.business_id)


def _analyses() -> Analyses:
    found: Analyses = current_app.extensions["tenth.analyses"]
    return found
