"""The words of the pages: every language says everything English says, and nothing is said without words."""

import json
import re
from pathlib import Path

import pytest

from api.errors import CODES as PROBLEM_CODES
from rules.why import CODES as WHY_CODES

ROOT = Path(__file__).resolve().parents[1]
LANG = ROOT / "static" / "lang"
PAGES = ("kiosk", "customer", "console")
# The forms a language needs (CLDR, cardinal numbers). A new language brings its line.
PLURAL_FORMS = {
    "en": {"one", "other"},
    "pl": {"one", "few", "many", "other"},
    "nl": {"one", "other"},
    "th": {"other"},
    "it": {"one", "many", "other"},
    "id": {"other"},
}
PARAM = re.compile(r"\{(\w+)\}")


def read_words(language):
    """{"part.key": text or plural entry} of one language."""
    return {
        f"{path.stem}.{key}": entry
        for path in sorted((LANG / language).glob("*.json"))
        for key, entry in json.loads(path.read_text(encoding="utf-8")).items()
    }


LANGUAGES = sorted(folder.name for folder in LANG.iterdir() if folder.is_dir())
WORDS = {language: read_words(language) for language in LANGUAGES}
ENGLISH = WORDS["en"]
PARTS = {key.split(".")[0] for key in ENGLISH}


def texts(entry):
    """Every sentence an entry can become."""
    return [entry] if isinstance(entry, str) else [text for form, text in entry.items() if form != "by"]


def params(entry):
    """The names an entry is given."""
    return {name for text in texts(entry) for name in PARAM.findall(text)}


def sources():
    """What the pages are made of: every script of the three pages and what they share."""
    folders = [ROOT / page for page in PAGES] + [ROOT / "static" / "js"]
    return {path: path.read_text(encoding="utf-8") for folder in folders for path in folder.rglob("*.js")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_key_of_english_and_no_other(language):
    assert set(ENGLISH) - set(WORDS[language]) == set(), "these are missing"
    assert set(WORDS[language]) - set(ENGLISH) == set(), "these are not in English"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_plural_has_the_forms_of_its_language(language):
    assert language in PLURAL_FORMS, f"say in PLURAL_FORMS which plural forms {language} has"
    plurals = {key: set(entry) - {"by"} for key, entry in WORDS[language].items() if isinstance(entry, dict)}

    assert {key: forms for key, forms in plurals.items() if forms != PLURAL_FORMS[language]} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_translation_names_what_english_names(language):
    named = {key: params(entry) for key, entry in WORDS[language].items() if key in ENGLISH}

    assert {key: names for key, names in named.items() if names != params(ENGLISH[key])} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_plural_is_chosen_by_the_same_number_as_in_english(language):
    def chosen_by(entry):
        return entry.get("by", "n") if isinstance(entry, dict) else None

    differ = {key for key, entry in WORDS[language].items() if chosen_by(entry) != chosen_by(ENGLISH[key])}

    assert differ == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_are_plain_text_without_markup_or_stray_blanks(language):
    all_texts = {key: texts(entry) for key, entry in WORDS[language].items()}

    bad = {key for key, said in all_texts.items() for text in said if not text or "<" in text or text != text.strip()}

    assert bad == set()


def test_every_key_the_pages_ask_for_exists():
    literal = re.compile(rf"""["'`]((?:{"|".join(sorted(PARTS))})\.[a-z0-9_.]+)["'`]""")

    asked = {(path.name, key) for path, text in sources().items() for key in literal.findall(text)}

    assert {where for where in asked if where[1] not in ENGLISH} == set()


def test_every_word_is_used_by_a_page():
    text = "\n".join(sources().values())
    said = set(re.findall(r"""["'`]([a-z]+\.[a-z0-9_.]+)["'`]""", text))
    made = set(re.findall(r"`([a-z]+\.(?:[a-z0-9_.]|\$\{[^`}]*\})*)`", text))  # such as `kiosk.saved_${kind}`
    patterns = [re.sub(r"\\\$\\\{.*?\\\}", "[a-z0-9_.-]+", re.escape(each)) for each in made if "$" in each]

    def is_used(key):
        return key in said or any(re.fullmatch(pattern, key) for pattern in patterns)

    of_pages = {key for key in ENGLISH if key.split(".")[0] in (*PAGES, "insight", "common")}

    assert {key for key in of_pages if not is_used(key)} == set()


def test_every_reason_has_words():
    assert {code for code in WHY_CODES if f"why.{code}" not in ENGLISH} == set()


def test_every_problem_has_words():
    assert {code for code in PROBLEM_CODES if f"problem.{code}" not in ENGLISH} == set()
