"""Takes the pictures: a screen, light and dark, small enough to keep; and fails for what nobody wants to see in one."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Response

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures"
SCHEMES = ("light", "dark")
WIDTH, LEAST, MOST = 1280, 360, 1700  # pixels
COLORS = 96
SMALL = 60_000  # bytes
SUFFIX = ".webp"
#: In the admin the content scrolls, not the document.
HEIGHT = """() => Math.max(
    document.documentElement.scrollHeight, document.querySelector("main").scrollHeight
)"""


class Camera:
    """Visitors and staff in each scheme; `cookies` sign staff in. A faulty screen raises `AssertionError`."""

    def __init__(self, browser: Browser, base: str, cookies: list[dict[str, str]]) -> None:
        self.base = base
        self._said: list[str] = []
        self._staff = {scheme: self._context(browser, scheme, cookies) for scheme in SCHEMES}
        self._visitors = {scheme: self._context(browser, scheme, []) for scheme in SCHEMES}

    def _context(
        self, browser: Browser, scheme: str, cookies: list[dict[str, str]]
    ) -> BrowserContext:
        context = browser.new_context(
            color_scheme=scheme,  # type: ignore[arg-type]
            locale="en-GB",
            timezone_id="Europe/Berlin",
            reduced_motion="reduce",
            viewport={"width": WIDTH, "height": 900},
        )
        context.set_default_timeout(15_000)
        context.add_cookies(cookies)  # type: ignore[arg-type]
        context.on("console", lambda said: said.type == "error" and self._said.append(said.text))
        context.on("weberror", lambda raised: self._said.append(str(raised.error)))
        return context

    def new_page(self, scheme: str, *, is_staff: bool = True) -> Page:
        self._said.clear()
        return (self._staff if is_staff else self._visitors)[scheme].new_page()

    def open(self, page: Page, path: str) -> None:
        answer: Response | None = page.goto(self.base + path)
        assert answer is not None, path
        assert answer.status == 200, f"{path}: {answer.status}"
        assert page.url.removeprefix(self.base) == path, f"{path} leads to {page.url}"

    def take(self, page: Page, name: str, scheme: str, *, around: str, margin: int = 0) -> None:
        """The picture of an element, with so many pixels around it, once nothing moves any more."""
        page.wait_for_load_state("networkidle")
        page.set_viewport_size({"width": WIDTH, "height": LEAST})
        height = page.evaluate(HEIGHT)
        page.set_viewport_size({"width": WIDTH, "height": min(max(height, LEAST), MOST)})
        page.locator(around).first.scroll_into_view_if_needed()
        page.mouse.move(0, 0)
        page.wait_for_timeout(300)
        shot = page.screenshot(animations="disabled", caret="hide")
        picture = Image.open(BytesIO(shot)).convert("RGB").crop(_frame(page, around, margin))
        (FOLDER / f"{name}-{scheme}{SUFFIX}").write_bytes(_small(picture))
        assert not self._said, f"{name}: {self._said}"


def _frame(page: Page, around: str, margin: int) -> tuple[int, int, int, int]:
    """Left, top, right, bottom within the window."""
    box, window = page.locator(around).first.bounding_box(), page.viewport_size
    assert box, around
    assert window
    return (
        max(int(box["x"]) - margin, 0),
        max(int(box["y"]) - margin, 0),
        min(int(box["x"] + box["width"]) + margin, window["width"]),
        min(int(box["y"] + box["height"]) + margin, window["height"]),
    )


def _small(picture: Image.Image) -> bytes:
    """Of few colors, each exact; where there is more in it, such as photographs, nearly as it was."""
    flat = picture.quantize(COLORS, dither=Image.Dither.NONE).convert("RGB")
    exact = _webp(flat, lossless=True, quality=90)
    return exact if len(exact) < SMALL else _webp(picture, quality=70)


def _webp(picture: Image.Image, **how: Any) -> bytes:
    out = BytesIO()
    picture.save(out, "WEBP", method=4, **how)
    return out.getvalue()
