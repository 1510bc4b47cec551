"""Somebody who has no mouse: Tab to what is wanted, the focus seen on the way and never lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

MOST = 400  # presses of Tab in one page
_FOCUS = """() => {
  const on = document.activeElement || document.body, style = getComputedStyle(on);
  return {
    lost: on === document.body,
    seen: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0,
    what: on.outerHTML.slice(0, 120),
  };
}"""


class Keyboard:
    """The keys of a page; nothing here points or clicks."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.met: list[str] = []

    def reaches(self, target: Locator, *, back: bool = False) -> None:
        """Press Tab until `target` has the focus, which must be seen all along."""
        target.wait_for()  # on the page that comes; its last style sheet draws the focus
        self._page.wait_for_load_state()
        focused = target.and_(self._page.locator(":focus"))  # looked up again: pieces are replaced
        for _ in range(MOST):
            self._page.keyboard.press("Shift+Tab" if back else "Tab")
            at = self._page.evaluate(_FOCUS)
            assert not at["lost"], f"perdu après {self.met[-1:]}"
            assert at["seen"], at["what"]
            self.met.append(at["what"])
            if focused.count():
                return
        raise AssertionError(f"jamais atteint : {target}")

    def presses(self, target: Locator, key: str = "Enter", *, back: bool = False) -> None:
        """Reach `target`, then press a key on it."""
        self.reaches(target, back=back)
        self._page.keyboard.press(key)

    def types(self, target: Locator, text: str) -> None:
        """Reach a field, then type in it."""
        self.reaches(target)
        self._page.keyboard.type(text)

    def stays_on(self, target: Locator) -> None:
        """Wait until `target` has the focus, which a piece of page put in its place keeps."""
        target.and_(self._page.locator(":focus")).wait_for()

    def is_somewhere(self) -> None:
        """Wait until something of the page has the focus."""
        self._page.locator("body :focus").wait_for()
