"""Find the Chromium that the browser tests drive, and install Debian's where there is none and it can be done.

`python -m tests.browser.chromium` is what `make test` runs first; it ends with a sentence when there is no browser.
"""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
MISSING = (
    "The browser tests need Chromium and found none. Install it (Debian and Ubuntu: apt-get install chromium; "
    "macOS: brew install --cask chromium) or say where it is: make test CHROMIUM=/path/to/chromium"
)


def find() -> str | None:
    """The path of the browser to use, or None."""
    named = os.environ.get("CHROMIUM")
    candidates = [named] if named else [*NAMES, *PLACES]
    return next((path for path in map(shutil.which, candidates) if path), None)


def install() -> None:
    """Install Debian's Chromium, where this is Debian or its kin and we are root."""
    if os.environ.get("CHROMIUM") or not shutil.which("apt-get") or os.geteuid() != 0:
        return
    print("Installing Chromium for the browser tests …", flush=True)
    quiet = {"env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, "stdout": subprocess.DEVNULL}
    subprocess.run(["apt-get", "update"], check=False, **quiet)
    subprocess.run(["apt-get", "install", "-y", "--no-install-recommends", "chromium"], check=False, **quiet)


if __name__ == "__main__":
    if not find():
        install()
    if not find():
        sys.exit(MISSING)
