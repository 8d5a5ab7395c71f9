"""JSON and status codes: one file per noun; every endpoint is declared with `door.route`."""
