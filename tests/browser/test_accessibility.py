"""WCAG AA, as far as a machine can tell: axe finds nothing, in either colour scheme, at either width."""

import importlib.util
import os
from pathlib import Path

import pytest

from tests.browser.conftest import Visiting

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

STATES: dict[str, tuple[str, list[str]]] = {
    "list": ("", []),
    "thread": ("#/wt0000", []),
    "hidden": ("#/wt0000", ["#hidden"]),
    "opted out": ("#/wt0004", []),
    "menu": ("#/wt0000", ["#about", ".dots"]),
    "new": ("", ["#new"]),
    "keys": ("#/wt0000", ["#show-keys"]),
    "settings": ("", ["[data-panel=settings]"]),
    "a form": ("", ["[data-panel=settings]", ".panel-rows button"]),
    "who waits": ("", ["[data-panel=inbox]"]),
    "phone": ("", [".sides [data-side=phone]"]),
}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def axe() -> str:
    """Give axe-core's script: from $AXE, or from the package that carries it."""
    found = importlib.util.find_spec("axe_playwright_python")
    inside = Path(found.origin).parent / "axe.min.js" if found and found.origin else Path()
    file = Path(os.environ.get("AXE", inside))
    if not file.is_file():
        pytest.skip("axe-core is not installed (pip install axe-playwright-python, or AXE=/path/axe.min.js)")
    return file.read_text(encoding="utf-8")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("state", STATES)
async def test_axe_finds_nothing(visit: Visiting, state: str, width: int, scheme: str) -> None:
    script = axe()
    path, presses = STATES[state]
    page = (await visit(path, width=width, scheme=scheme, bypass_csp=True)).page
    for press in presses:
        if await page.locator(press).is_visible():
            await page.click(press)
    await page.wait_for_timeout(150)
    await page.evaluate(script)
    found = await page.evaluate("(rules) => axe.run(document, {runOnly: rules})", RULES)
    wrong = [(one["id"], [node["target"] for node in one["nodes"]]) for one in found["violations"]]
    assert wrong == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
