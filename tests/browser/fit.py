"""What every page has to be: free of barriers as far as axe knows, and no wider than a telephone."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

FINISH = "document.getAnimations().forEach((one) => { try { one.finish() } catch {} })"


def is_fit(page: Page) -> None:
    """Look at the page as it stands now, and leave it so."""
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        # Colours that are on their way to others are nobody's choice; what never ends is left as it is.
        page.evaluate(FINISH)
        wrong = Axe().run(page).response["violations"]
        assert not wrong, [(one["id"], scheme, [node["html"] for node in one["nodes"]]) for one in wrong]
    before = page.viewport_size
    assert before is not None
    page.set_viewport_size({"width": 360, "height": 780})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.set_viewport_size(before)
