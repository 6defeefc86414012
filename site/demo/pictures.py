"""The pictures of the demo site, drawn by code in the light of a north window; nothing is downloaded."""

from __future__ import annotations

from math import cos, pi, sin

from demo.cutouts import Sheet, box, circle, leaf, polygon, ring, tilted, window

INK, PAPER, SAND, CLAY = "#23403f", "#f8f1e4", "#e9d8b8", "#d0734b"
MOSS, SEA, SKY, ROSE, SUN = "#6f8f72", "#2f7471", "#a9cdc9", "#e7b49d", "#f0c66b"


def studio() -> bytes:
    """The studio: a wall in daylight, a desk, a plant, a lamp."""
    sheet = Sheet("#dcc9a6", 2000, 860)
    sheet.light(window(240, -110, 330, 120), 0.34, 7)
    sheet.lay("#c7a983", box(0, 690, 2000, 170), height=0)
    sheet.lay("#b08f69", box(0, 690, 2000, 16), height=0)
    _frames(sheet)
    _plant(sheet, 1690, 640)
    _desk_things(sheet)
    sheet.light(window(420, 120, 330, 120), 0.16, 10)
    return sheet.jpeg()


def _frames(sheet: Sheet) -> None:
    for x, y, width, height, color in [(860, 150, 240, 300, SKY), (1130, 210, 180, 240, ROSE)]:
        sheet.lay(PAPER, box(x, y, width, height), height=9)
        sheet.lay(color, box(x + 26, y + 26, width - 52, height - 52), height=0)
    sheet.lay(
        SEA,
        polygon((886, 424), (886, 330), (960, 262), (1020, 340), (1074, 300), (1074, 424)),
        height=3,
    )
    sheet.lay(SUN, circle(1024, 226, 26), height=2)
    sheet.lay(CLAY, circle(1220, 330, 46), height=3)


def _plant(sheet: Sheet, x: float, y: float) -> None:
    for angle, length, color in [
        (-150, 300, MOSS), (-128, 380, SEA), (-104, 430, MOSS), (-82, 450, SEA), (-60, 400, MOSS), (-36, 310, SEA),
    ]:  # fmt: skip
        sheet.lay(color, leaf(x, y - 60, length, 92, angle), height=9)
    sheet.lay(
        CLAY,
        polygon((x - 92, y - 90), (x + 92, y - 90), (x + 68, y + 70), (x - 68, y + 70)),
        height=10,
    )
    sheet.lay("#bb6440", box(x - 100, y - 104, 200, 34, 5), height=4)


def _desk_things(sheet: Sheet) -> None:
    sheet.lay(INK, box(430, 455, 330, 210, 12), height=10)
    sheet.lay("#eef3ee", box(446, 471, 298, 178, 5), height=0)
    for row, width in enumerate([150, 230, 205, 120]):
        color = CLAY if row == 0 else SKY
        sheet.lay(color, box(472, 500 + row * 34, width, 14, 7), height=0)
    sheet.lay(INK, box(400, 665, 390, 26, 10), height=6)
    for index, color in enumerate([SEA, SUN, PAPER, ROSE]):
        sheet.lay(color, box(1010 - index * 8, 664 - index * 30, 240 + index * 9, 28, 4), height=4)
    sheet.lay(PAPER, box(860, 610, 84, 82, 14), height=7)
    sheet.lay(PAPER, ring(948, 646, 30, 11), height=3)


def two_cups() -> bytes:
    """A first talk: two cups on a table."""
    sheet = Sheet("#cfae84")
    sheet.light(window(60, -160, 300, 130), 0.3)
    for x, y, saucer in [(420, 430, PAPER), (800, 340, SKY)]:
        sheet.lay(saucer, circle(x, y, 168), height=12)
        sheet.lay("#fdf8ee" if saucer == PAPER else "#c3dedb", circle(x, y, 118), height=5)
        sheet.lay(saucer, tilted(x + 128, y - 62, 84, 34, -28), height=7)
        sheet.lay(saucer, circle(x, y, 98), height=14)
        sheet.lay("#5a3826", circle(x, y, 80), height=0)
        sheet.lay("#7b4f35", ring(x - 4, y - 5, 72, 7), height=0)
    sheet.lay(CLAY, tilted(1050, 690, 300, 200, 12), height=8)
    sheet.lay(PAPER, tilted(1062, 682, 270, 178, 12), height=2)
    sheet.lay(INK, tilted(960, 650, 16, 240, 52), height=7)
    return sheet.jpeg()


def round_table() -> bytes:
    """A workshop: eight chairs at a round table."""
    sheet = Sheet("#b9cdbb")
    sheet.light(window(-40, -180, 330, 140), 0.3)
    colors = [CLAY, SEA, SUN, INK, ROSE, SEA, CLAY, SUN]
    for index, color in enumerate(colors):
        turn = index * pi / 4 + pi / 8
        x, y = 600 + 262 * cos(turn), 400 + 262 * sin(turn)
        sheet.lay(color, circle(x, y, 52), height=9)
        back = index * 45 + 22.5 + 90
        sheet.lay(color, tilted(x + 41 * cos(turn), y + 41 * sin(turn), 86, 21, back), height=6)
    sheet.lay("#f3e3c3", circle(600, 400, 194), height=17)
    sheet.lay("#eed9b1", ring(600, 400, 182, 4), height=0)
    for index in range(8):
        turn = index * pi / 4 + pi / 8
        x, y = 600 + 130 * cos(turn), 400 + 130 * sin(turn)
        sheet.lay(PAPER, tilted(x, y, 72, 50, index * 45 + 112), height=4)
    sheet.lay(MOSS, circle(600, 400, 36), height=8)
    for angle in range(0, 360, 45):
        sheet.lay(SEA if angle % 90 else MOSS, leaf(600, 400, 54, 25, angle), height=4)
    return sheet.jpeg()


def conversation() -> bytes:
    """Support: a question and its answer."""
    sheet = Sheet("#e6b9a2")
    sheet.light(window(300, -170, 300, -110), 0.26)
    sheet.lay(SEA, box(180, 170, 560, 270, 60), height=13)
    sheet.lay(SEA, polygon((270, 420), (390, 420), (262, 520)), height=0)
    for row, width in enumerate([420, 330]):
        sheet.lay("#9fd0c8", box(250, 250 + row * 66, width, 30, 15), height=0)
    sheet.lay(PAPER, box(470, 390, 560, 250, 60), height=17)
    sheet.lay(PAPER, polygon((850, 620), (960, 620), (975, 722)), height=0)
    for index in range(3):
        sheet.lay([CLAY, SUN, SEA][index], circle(650 + index * 100, 515, 32), height=4)
    return sheet.jpeg()


def notes() -> bytes:
    """A start: notes on a wall."""
    sheet = Sheet("#cfd9d2")
    sheet.light(window(120, -190, 310, 120), 0.32)
    places = [
        (270, 240, SUN, -5), (560, 200, ROSE, 3), (880, 250, SKY, -3),
        (360, 540, PAPER, 4), (660, 510, CLAY, -4), (960, 560, SUN, 5),
    ]  # fmt: skip
    for x, y, color, angle in places:
        sheet.lay(color, tilted(x, y, 214, 214, angle), height=11)
        for row, width in enumerate([130, 96, 116]):
            sheet.lay(INK, tilted(x - 12, y - 34 + row * 36, width, 9, angle), height=0)
    for x, y, _color, _angle in places:
        sheet.lay(INK, circle(x, y - 92, 12), height=6)
    return sheet.jpeg()


def magnifier() -> bytes:
    """A review: a page under the glass."""
    sheet = Sheet("#9dbfc0")
    sheet.light(window(0, -170, 320, 140), 0.3)
    sheet.lay(PAPER, tilted(540, 420, 640, 640, -4), height=14)
    sheet.lay(SEA, tilted(500, 172, 520, 84, -4), height=0)
    for row, width in enumerate([470, 510, 440, 500, 380]):
        sheet.lay(
            SAND, tilted(530 + row * 4 - (520 - width) / 2, 300 + row * 62, width, 24, -4), height=0
        )
    sheet.lay(INK, tilted(930, 660, 300, 50, 45), height=14)
    sheet.lay(INK, circle(730, 460, 176), height=16)
    sheet.lay("#fffaf0", circle(730, 460, 150), height=0)
    for row, width in enumerate([180, 230, 150]):
        color = CLAY if row == 1 else SAND
        sheet.lay(color, tilted(730, 390 + row * 72, width, 38, -4), height=0)
    sheet.light([[(640, 360), (700, 330), (700, 560), (640, 560)]], 0.2, 14)
    return sheet.jpeg()
