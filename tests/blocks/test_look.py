"""The stylesheet that is made from its own address."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from wagtail_calendly.blocks import look

colors = st.from_regex(r"[0-9a-f]{6}", fullmatch=True)


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, written anew from its definition."""

    def luminance(color: str) -> float:
        channels = [int(color[i : i + 2], 16) / 255 for i in (0, 2, 4)]
        r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@given(colors)
def test_text_on_any_accent_can_be_read(color: str) -> None:
    text = look.on_color(color).removeprefix("#") * 2
    assert contrast(color, text) >= 4.5


@given(accent=colors, others=st.lists(colors, max_size=9), radius=st.none() | st.integers(0, 40))
def test_every_address_of_ours_gives_a_stylesheet_of_its_colours(
    accent: str, others: list[str], radius: int | None
) -> None:
    address = look.address(f"#{accent}", radius, [f"#{other}" for other in others])
    css = look.stylesheet(QueryDict(address.partition("?")[2]))
    assert f"--wc-accent:#{accent};" in css
    assert all(f".{look.css_class('#' + other)}{{" in css for other in others)
    assert (f"--wc-radius:{radius}px;" in css) == (radius is not None)


def test_nothing_chosen_needs_no_stylesheet() -> None:
    assert look.address("", None, ["", ""]) == ""


def test_it_is_cacheable_for_ever_and_for_everybody(client: Any) -> None:
    response = client.get(look.address("#0A6C74", 4))
    assert response.status_code == 200
    assert response["Content-Type"] == "text/css; charset=utf-8"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "cookie" not in response.get("Vary", "").lower()
    assert not response.cookies


@pytest.mark.parametrize(
    "query",
    [
        "accent=red",
        "accent=0a6c74}body{display:none",
        "accent=0a6c7",
        "accent=0a6c74%0A",
        "radius=41",
        "radius=-1",
        "radius=1e1",
        "radius=٣",
        "also=0A6C74",
        "also=" + "&also=".join(["000000"] * 61),
    ],
)
def test_what_no_page_of_ours_asks_for_is_refused(client: Any, query: str) -> None:
    response = client.get(f"/calendly/look.css?{query}")
    assert response.status_code == 400
    assert response.content == b""
