"""What every page has to be: free of barriers as far as axe knows, and no wider than a telephone."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

#: Two frames later everything that a change of colours sets going has begun; what never ends is no trouble.
FINISH = """new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => {
  for (const one of document.getAnimations()) { try { one.finish() } catch {} }
  done()
})))"""


def is_fit(page: Page) -> None:
    """Look at the page as it stands now, and leave it so."""
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        # Colours that are on their way to others are nobody's choice.
        page.evaluate(FINISH)
        wrong = Axe().run(page).response["violations"]
        assert not wrong, [(one["id"], scheme, [node["html"] for node in one["nodes"]]) for one in wrong]
    before = page.viewport_size
    assert before is not None
    page.set_viewport_size({"width": 360, "height": 780})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.set_viewport_size(before)
