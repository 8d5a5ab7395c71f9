"""A developer reads how the API works."""

import pytest

from tests.browser.at_the_console import AXE, FINDINGS


@pytest.fixture
def page(browser, service):
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    faults = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{service.url}/docs")
    page.wait_for_selector("article")
    yield page
    page.context.close()
    assert faults == []


def test_every_endpoint_and_every_type_is_on_the_page(page, service):
    described = page.evaluate("fetch('/openapi.json').then((answer) => answer.json())")
    names = {each["operationId"] for item in described["paths"].values() for each in item.values()}
    types = {f"type-{name}" for name in described["components"]["schemas"]}

    shown = set(page.eval_on_selector_all("article[id]", "(all) => all.map((each) => each.id)"))

    assert shown >= names | types


def test_an_endpoint_is_found_by_what_it_does(page):
    page.get_by_role("searchbox", name="Find").fill("lost card")

    assert page.get_by_role("navigation").get_by_role("link", name="replacements").is_visible()
    assert page.get_by_role("navigation").get_by_role("link", name="/sync").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_everybody_can_read_it(page, scheme, width):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    page.evaluate(AXE)

    found = page.evaluate(FINDINGS)

    assert [(each["id"], each["nodes"][0]["html"][:200]) for each in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
