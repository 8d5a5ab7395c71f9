"""The documents: every setting is told, every folder is on the map, and every link leads somewhere."""

import re
from pathlib import Path

import pytest

from api import settings

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
# Where a setting may be named: what people read, and what starts the service.
NAMES_SETTINGS = [*DOCUMENTS, *(ROOT / name for name in (".env.example", "Dockerfile", "compose.yaml", "Makefile"))]
SETTINGS = {f"TENTH_{row.name}": row for row in settings.TABLE}
LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE = re.compile(r"```[\s\S]*?```|`[^`\n]*`|^    .*$", re.MULTILINE)


def read(path):
    return path.read_text(encoding="utf-8")


def title(path):
    return str(path.relative_to(ROOT))


def rows(text):
    """The cells of every row of every table in a document."""
    return [
        [cell.strip().strip("`") for cell in line.strip("| ").split("|")] for line in text.splitlines() if "|" in line
    ]


def anchors(text):
    """What a link may name after #, of each heading."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def top_level_folders():
    """The folders of the repository: not hidden, and not made by make."""
    not_ours = {line.rstrip("/") for line in read(ROOT / ".gitignore").splitlines()}
    names = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")}
    return names - not_ours


def test_every_setting_is_told_with_its_default():
    told = {cells[0]: cells[1] for cells in rows(read(ROOT / "docs" / "settings.md")) if cells[0].startswith("TENTH_")}

    assert told == {name: row.default for name, row in SETTINGS.items()}


@pytest.mark.parametrize("path", NAMES_SETTINGS, ids=title)
def test_every_setting_that_is_named_exists(path):
    assert set(re.findall(r"\bTENTH_[A-Z_]+\b", read(path))) - set(SETTINGS) == set()


def test_the_examples_in_env_example_can_be_used_as_they_stand():
    examples = dict(re.findall(r"^#?(TENTH_[A-Z_]+)=(.*)$", read(ROOT / ".env.example"), re.MULTILINE))

    assert examples
    settings.read(examples)


def test_the_map_of_folders_is_the_tree():
    shown = {name.rstrip("/") for name, *_ in rows(read(ROOT / "README.md")) if name.endswith("/")}

    assert shown == top_level_folders()


@pytest.mark.parametrize("path", DOCUMENTS, ids=title)
def test_every_link_leads_to_a_file_that_is_there(path):
    lost = []
    for link in LINK.findall(CODE.sub("", read(path))):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        there = (path.parent / name).resolve() if name else path
        if not there.exists() or (anchor and anchor not in anchors(read(there))):
            lost.append(link)

    assert lost == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=title)
def test_every_file_that_is_named_is_there(path):
    folders = "|".join(sorted(top_level_folders()))
    named = re.findall(rf"`((?:{folders})/[\w./-]*)`", read(path))

    assert [name for name in named if not (ROOT / name).exists() and not name.startswith("static/build")] == []


def test_every_picture_is_small_and_shown():
    pictures = {path.name for path in (ROOT / "docs" / "pictures").glob("*.png")}
    shown = {
        link.rsplit("/", 1)[-1] for path in DOCUMENTS for link in LINK.findall(read(path)) if link.endswith(".png")
    }

    assert pictures == shown
    assert [path.name for path in (ROOT / "docs" / "pictures").iterdir() if path.stat().st_size > 200_000] == []
