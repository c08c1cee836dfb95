"""Sentences that journeys are written in. Each takes the browser's page first."""

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from weakref import WeakSet

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

ROOT = Path(__file__).resolve().parents[2]
AXE = Path(os.environ.get("GOLDTHREAD_AXE") or ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js")
#: What WCAG 2.2 AA asks, and what axe calls good practice.
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WITHOUT_JAVASCRIPT: WeakSet[BrowserContext] = WeakSet()


def given_i_am_signed_in_as(page: Page, name: str) -> None:
    """Choose somebody from the demonstration's list."""
    page.goto("/sign-in")
    page.get_by_role("button", name=re.compile(f"^{re.escape(name)}")).click()
    expect(page.locator(".gt-header__person")).to_have_text(name)


def when_i_go_to(page: Page, address: str) -> None:
    """Type an address (path) into the browser."""
    page.goto(address)


def when_i_follow(page: Page, words: str) -> None:
    """Follow the first link with these words."""
    page.get_by_role("link", name=words).first.click()


def when_i_press(page: Page, words: str) -> None:
    """Press the first button with these words."""
    page.get_by_role("button", name=words).first.click()


def when_i_write(page: Page, label: str, text: str) -> None:
    """Fill in the field with this label."""
    page.get_by_label(label, exact=False).first.fill(text)


def when_i_choose(page: Page, label: str) -> None:
    """Choose the radio or checkbox with this label."""
    page.get_by_label(label).first.check()


def then_i_read(page: Page, words: str) -> None:
    """These words are on the page to be seen."""
    expect(page.get_by_text(words).first).to_be_visible()


def then_the_heading_says(page: Page, words: str) -> None:
    """The page's one first-level heading has these words."""
    expect(page.get_by_role("heading", level=1)).to_contain_text(words)


def then_i_am_at(page: Page, path: str) -> None:
    """The address is this path."""
    expect(page).to_have_url(re.compile(re.escape(path) + r"(\?.*)?$"))


def then_the_form_says(page: Page, message: str) -> None:
    """The error summary names the problem and links to its field, which says it too."""
    link = page.locator(".nhsuk-error-summary").get_by_role("link", name=message)
    expect(link).to_be_visible()
    target = link.get_attribute("href") or ""
    field: Locator = page.locator(target)
    expect(field).to_be_visible()
    expect(page.locator(".nhsuk-error-message", has_text=message).first).to_be_visible()
    link.click()
    expect(field).to_be_focused()


def then_the_page_is_accessible(page: Page) -> None:
    """axe finds nothing, there is one first-level heading, and nothing is wider than the window."""
    if not AXE.exists():
        pytest.fail(f"axe-core is not installed at {AXE}: run make setup, or name the file in GOLDTHREAD_AXE")
    where = f"{page.url} at {page.viewport_size['width']} px"  # type: ignore[index]
    assert page.locator("h1").count() == 1, f"{where}: not exactly one first-level heading"
    with _with_scripts(page) as readable:
        readable.evaluate(AXE.read_text(encoding="utf-8") + "; null")
        found = readable.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", AXE_TAGS)
        wide = readable.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert not found["violations"], f"{where}: {_violations(found['violations'])}"
    assert wide[0] <= wide[1] + 1, f"{where}: {wide[0]} px of content in a window of {wide[1]} px"


@contextmanager
def _with_scripts(page: Page) -> Iterator[Page]:
    """The page itself; where its scripts are switched off, the same page without them in a window where axe can run."""
    if page.context not in WITHOUT_JAVASCRIPT:
        yield page
        return
    text = re.sub(r"<script\b.*?</script>", "", page.content(), flags=re.DOTALL)
    copy = page.context.browser.new_context(viewport=page.viewport_size)  # type: ignore[union-attr, arg-type]
    try:
        window = copy.new_page()
        window.route(page.url, lambda route: route.fulfill(body=text, content_type="text/html; charset=utf-8"))
        window.goto(page.url)
        yield window
    finally:
        copy.close()


def _violations(violations: list[dict[str, Any]]) -> str:
    lines = []
    for rule in violations:
        lines.append(f"\n{rule['id']} ({rule['impact']}): {rule['help']}")
        lines += [f"  {json.dumps(node['target'])} {node['html'][:200]}" for node in rule["nodes"][:5]]
    return "".join(lines[:1]) + "\n".join(["", *lines[1:]])
