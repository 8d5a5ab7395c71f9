"""`python -m bench`: every benchmark; `python -m bench server`, `kiosk` or `insight`: one of them."""

import importlib
import sys

NAMES = ("server", "kiosk", "insight")

for name in sys.argv[1:] or NAMES:
    if name not in NAMES:
        sys.exit(f"There is no benchmark {name!r}; there are {', '.join(NAMES)}.")
    importlib.import_module(f"bench.{name}").main()
