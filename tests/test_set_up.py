"""Setting Tenth up: what is pinned, where it comes from, what the built pages weigh."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from api import settings

ROOT = Path(__file__).parent.parent
PYTHON_LOCKS = sorted(ROOT.glob("requirements/*.txt"))


@pytest.mark.parametrize("lock", PYTHON_LOCKS, ids=lambda path: path.name)
def test_every_python_package_is_pinned_with_its_hashes(lock):
    packages = re.findall(r"^[a-z].*(?:\n .*)*", lock.read_text(), re.MULTILINE)

    assert packages
    for package in packages:
        assert re.match(r"[\w.-]+(\[[\w,]+\])?==[\w.]+ ", package)
        assert " --hash=sha256:" in package


@pytest.mark.parametrize("lock", PYTHON_LOCKS, ids=lambda path: path.name)
def test_python_lock_files_name_no_place_to_fetch_from(lock):
    assert not re.search(r"://|^-|@ |index|find-links", lock.read_text(), re.MULTILINE)


def test_every_front_end_package_is_pinned_with_its_hash_and_no_address():
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    libraries = {name: package for name, package in packages.items() if name}

    assert libraries
    for package in libraries.values():
        assert package["version"]
        assert package["integrity"].startswith("sha512-")
        assert "resolved" not in package


def test_the_example_of_settings_names_only_settings_that_exist():
    named = re.findall(r"^#?TENTH_(\w+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)

    assert named
    assert set(named) <= {row.name for row in settings.TABLE}


def test_each_page_weighs_no_more_than_its_budget():
    path = f"{ROOT}/.venv/node/bin{os.pathsep}{os.environ['PATH']}"

    weighing = subprocess.run(
        ["node", "build.mjs", "--size"], cwd=ROOT, env={**os.environ, "PATH": path}, capture_output=True, text=True
    )

    assert weighing.returncode == 0, weighing.stdout + weighing.stderr
