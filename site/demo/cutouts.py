"""Paper cut-outs laid on one another, with shadows and daylight: what the pictures of the demo are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from io import BytesIO
from math import cos, pi, sin

from PIL import Image, ImageChops, ImageDraw, ImageFilter

Point = tuple[float, float]
Shape = Callable[[ImageDraw.ImageDraw, int], None]

SHADOW = "#23403f"
WIDTH, HEIGHT, FINER = 1200, 800, 2  # drawn larger, then reduced, for smooth edges


class Sheet:
    """A picture that grows by laying one cut-out on another."""

    def __init__(self, color: str, width: int = WIDTH, height: int = HEIGHT) -> None:
        self.size = (width * FINER, height * FINER)
        self.image = Image.new("RGB", self.size, color)

    def lay(self, color: str, shape: Shape, *, height: float = 10) -> None:
        """Lay a cut-out down; `height` above the ground, in pixels, makes its shadow."""
        mask = self._mask(shape)
        left, top, right, bottom = mask.getbbox() or (0, 0, 1, 1)
        reach = int(height * FINER * 4)  # no shadow falls farther, so the rest need not be touched
        corner = (left - reach, top - reach)
        mask = mask.crop((*corner, right + reach, bottom + reach))
        if height:
            shadow = Image.new("L", mask.size, 0)
            shadow.paste(mask, (int(height * FINER * 0.8), int(height * FINER)))
            shadow = _softened(shadow, height * 0.9)
            self.image.paste(SHADOW, corner, shadow.point(lambda value: int(value * 0.34)))
        self.image.paste(color, corner, mask)

    def light(self, panes: Iterable[list[Point]], strength: float = 0.3, blur: float = 9) -> None:
        """Let daylight fall through the panes of a window."""
        mask = self._mask(
            lambda draw, fine: [draw.polygon(_times(p, fine), fill=255) for p in panes]
        )
        mask = _softened(mask, blur)
        bright = ImageChops.screen(self.image, Image.new("RGB", self.size, "#8a7350"))
        self.image.paste(bright, (0, 0), mask.point(lambda value: int(value * strength * 2)))

    def jpeg(self) -> bytes:
        width, height = self.size
        small = self.image.resize((width // FINER, height // FINER), Image.Resampling.LANCZOS)
        grain = Image.effect_noise(small.size, 22).convert("RGB")
        out = BytesIO()
        Image.blend(small, ImageChops.overlay(small, grain), 0.35).save(out, "JPEG", quality=86)
        return out.getvalue()

    def _mask(self, shape: Callable[[ImageDraw.ImageDraw, int], object]) -> Image.Image:
        mask = Image.new("L", self.size, 0)
        shape(ImageDraw.Draw(mask), FINER)
        return mask


def _softened(mask: Image.Image, radius: float) -> Image.Image:
    """Blurred by a radius in pixels; at a quarter of the size, where nobody sees the difference."""
    small = mask.reduce(4).filter(ImageFilter.GaussianBlur(radius * FINER / 4))
    return small.resize(mask.size, Image.Resampling.BILINEAR)


def _times(points: list[Point], factor: float) -> list[Point]:
    return [(x * factor, y * factor) for x, y in points]


def circle(x: float, y: float, radius: float) -> Shape:
    return lambda draw, f: draw.ellipse(
        ((x - radius) * f, (y - radius) * f, (x + radius) * f, (y + radius) * f), fill=255
    )


def ring(x: float, y: float, radius: float, width: float) -> Shape:
    return lambda draw, f: draw.ellipse(
        ((x - radius) * f, (y - radius) * f, (x + radius) * f, (y + radius) * f),
        outline=255,
        width=int(width * f),
    )


def box(x: float, y: float, width: float, height: float, radius: float = 0) -> Shape:
    return lambda draw, f: draw.rounded_rectangle(
        (x * f, y * f, (x + width) * f, (y + height) * f), radius * f, fill=255
    )


def polygon(*points: Point) -> Shape:
    return lambda draw, f: draw.polygon(_times(list(points), f), fill=255)


def tilted(x: float, y: float, width: float, height: float, angle: float) -> Shape:
    """A rectangle around its centre, turned by an angle in degrees."""
    turn = angle * pi / 180
    corners = [
        (-width / 2, -height / 2),
        (width / 2, -height / 2),
        (width / 2, height / 2),
        (-width / 2, height / 2),
    ]
    return polygon(
        *(
            (x + a * cos(turn) - b * sin(turn), y + a * sin(turn) + b * cos(turn))
            for a, b in corners
        )
    )


def leaf(x: float, y: float, length: float, width: float, angle: float) -> Shape:
    """A leaf that starts at a point and grows in the direction of an angle in degrees."""
    turn = angle * pi / 180
    steps = [i / 24 for i in range(25)]
    edge = [(t * length, sin(pi * t**0.8) * width / 2) for t in steps]
    outline = edge + [(a, -b) for a, b in reversed(edge)]
    return polygon(
        *(
            (x + a * cos(turn) - b * sin(turn), y + a * sin(turn) + b * cos(turn))
            for a, b in outline
        )
    )


def window(
    x: float, y: float, pane: float, slant: float, rows: int = 2, columns: int = 3
) -> list[list[Point]]:
    """The panes of a window as the light draws them on a wall."""
    gap, tall = pane * 0.09, pane * 1.25
    panes = []
    for row in range(rows):
        for column in range(columns):
            left = x + column * (pane + gap) + row * slant
            top = y + row * (tall + gap) + column * pane * 0.12
            panes.append([
                (left, top), (left + pane, top + pane * 0.12),
                (left + pane + slant, top + tall + pane * 0.12), (left + slant, top + tall),
            ])  # fmt: skip
    return panes
