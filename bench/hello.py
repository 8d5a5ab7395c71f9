"""The yardstick: the least a Flask endpoint on the same server can do."""

from flask import Flask, jsonify, request

app = Flask(__name__)


@app.post("/hello")
def hello_post() -> object:
    """Read some JSON, answer some JSON."""
    return jsonify(hello=request.get_json()["sent_at"])


@app.get("/hello")
def hello_get() -> object:
    """Answer some JSON."""
    return jsonify(hello="world")
