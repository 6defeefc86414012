"""What a booking block makes a browser load before the visitor acts, and whether anything moves meanwhile."""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO

from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.files.images import ImageFile
from django.test.testcases import LiveServerThread
from PIL import Image as Picture
from playwright.sync_api import Browser, Request, sync_playwright
from wagtail.images import get_image_model

from benchmarks import offer
from benchmarks.measure import Result, exactly
from tests.fixtures.chromium import ARGUMENTS, chromium
from wagtail_calendly.snippets import images

MARK = 2000
WIDTHS = (360, 768, 1280)

WATCH = """
    window.moved = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((entry) => { moved += entry.value }))
        .observe({ type: "layout-shift", buffered: true });
"""
#: Moves everything, to show that moving is noticed.
PUSH = "document.body.prepend(Object.assign(document.createElement('div'), { innerHTML: '<br>'.repeat(20) }))"

#: Whether that was noticed within a few seconds' worth of frames. No string is evaluated by the page itself:
#: its content security policy forbids that.
NOTICED = """
    (before) => new Promise((done) => {
        let frames = 0;
        const look = () => moved > before || frames++ > 300 ? done(moved > before) : requestAnimationFrame(look);
        look();
    })
"""


@dataclass
class Visit:
    """What one visit at one width of the window brought."""

    scripts: dict[str, bytes] = field(default_factory=dict)
    foreign: list[str] = field(default_factory=list)
    moved: float = 0.0


def run(*, quick: bool = False) -> list[Result]:
    """Three rows: weight of our JavaScript, requests to others, layout shift at its worst width."""
    path = offer.path_of(offer.page("booking", offer.sessions(image=_image())))
    with _server() as url, _browser() as browser:
        visits = [_visit(browser, url, path, width) for width in WIDTHS[: 1 if quick else None]]
    weight = sum(len(gzip.compress(script)) for script in visits[0].scripts.values())
    moved = max(visit.moved for visit in visits)
    return [
        Result(
            "JavaScript before the visitor acts, compressed",
            f"{weight:,} bytes",
            f"≤ {MARK:,} bytes",
            0 < weight <= MARK,
        ),
        exactly("Requests to anybody else before the visitor acts", len(visits[0].foreign), 0),
        Result("Layout shift while the page loads", f"{moved:.3f}", "0", moved == 0),
    ]


def _visit(browser: Browser, url: str, path: str, width: int) -> Visit:
    visit = Visit()

    def note(request: Request) -> None:
        if not request.url.startswith((url, "data:")):
            visit.foreign.append(request.url)
        elif request.resource_type == "script":
            answer = request.response()
            assert answer, request.url
            visit.scripts[request.url] = answer.body()

    page = browser.new_page(viewport={"width": width, "height": 800})
    page.add_init_script(WATCH)
    page.on("requestfinished", note)
    page.goto(url + path, wait_until="networkidle")
    page.locator("img").last.scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    visit.moved = page.evaluate("moved")
    page.evaluate(PUSH)
    assert page.evaluate(NOTICED, visit.moved), "this browser does not tell what moves"
    page.close()
    return visit


@contextmanager
def _server() -> Iterator[str]:
    server = LiveServerThread("localhost", StaticFilesHandler)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    try:
        if server.error:
            raise server.error
        yield f"http://localhost:{server.port}"
    finally:
        server.terminate()


@contextmanager
def _browser() -> Iterator[Browser]:
    # Playwright's loop runs in this thread; Django would take that for an asynchronous caller.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(playwright), args=ARGUMENTS)
        yield running
        running.close()


def _image() -> object:
    data = BytesIO()
    Picture.new("RGB", (1600, 900), "teal").save(data, "PNG")
    data.seek(0)
    image = get_image_model().objects.create(title="Teal", file=ImageFile(data, name="teal.png"))
    images.make(image)
    return image
