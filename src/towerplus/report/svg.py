"""Small pictures as SVG text: elements, axes with round ticks, and labels that keep out of each other's way."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

#: Colours come from classes, so that a page can restyle them and a picture on its own brings this along. Okabe and
#: Ito's palette, which people with colour-vision deficiency can tell apart; lighter where the background is dark.
STYLE = """
.chart { --ink: #1d2126; --soft: #6b727b; --faint: #d9dde2; --page: #ffffff;
  --s0: #6b727b; --s1: #0072b2; --s2: #009e73; --s3: #d55e00; --s4: #b0558a; --s5: #b98500; --s6: #3d8fc4;
  font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; font-size: 12px;
  font-variant-numeric: tabular-nums; }
@media (prefers-color-scheme: dark) { .chart { --ink: #e6e8eb; --soft: #9aa3ad; --faint: #363c44; --page: #15181c;
  --s0: #9aa3ad; --s1: #4fa8e0; --s2: #2fc59b; --s3: #f08345; --s4: #d98bb8; --s5: #e0b040; --s6: #8cc6ee; } }
@media print { .chart { --ink: #1d2126; --soft: #5b626b; --faint: #d9dde2; --page: #ffffff;
  --s0: #6b727b; --s1: #0072b2; --s2: #009e73; --s3: #d55e00; --s4: #b0558a; --s5: #b98500; --s6: #3d8fc4; } }
.chart text { fill: var(--ink); } .chart .soft { fill: var(--soft); } .chart .strong { font-weight: 600; }
.chart .halo { paint-order: stroke; stroke: var(--page); stroke-width: 4px; stroke-linejoin: round; }
.chart .grid { stroke: var(--faint); } .chart .axis { stroke: var(--soft); }
.chart .path { stroke: var(--soft); stroke-width: 1.2; fill: none; opacity: .55; }
.chart .front { stroke: var(--ink); stroke-width: 1.2; fill: none; stroke-dasharray: 2 4; }
.chart .leader { stroke: var(--soft); stroke-width: .8; }
.chart .background { fill: var(--page); }
""" + "".join(
    f".chart .s{i} {{ stroke: var(--s{i}); fill: none; }} .chart .f{i} {{ fill: var(--s{i}); stroke: var(--page); }}\n"
    for i in range(7)
)
COLOURS = 7


def tag(name: str, *children: str, **attributes: object) -> str:
    """An element; `class_` is class, other underscores are hyphens, None is left out. Children are SVG already."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_text(value), quote=True)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{written}>{''.join(children)}</{name}>" if children else f"<{name}{written}/>"


def text(x: float, y: float, words: str, **attributes: object) -> str:
    """A line of text at its baseline."""
    return tag("text", escape(words), x=x, y=y, **attributes)


def path(points: Iterable[tuple[float, float]], **attributes: object) -> str:
    """A line through `points`."""
    return tag("path", d="M" + "L".join(f"{_text(x)},{_text(y)}" for x, y in points), **attributes)


def picture(width: float, height: float, *children: str, label: str, alone: bool = False) -> str:
    """The whole picture; `alone` brings style, size and background along, for a file of its own."""
    extra: dict[str, object] = {}
    if alone:
        extra = {"xmlns": "http://www.w3.org/2000/svg", "width": width, "height": height}
        background = tag("rect", class_="background", width=width, height=height)
        children = (f"<style>{STYLE}</style>", background, *children)
    return tag("svg", *children, class_="chart", viewBox=f"0 0 {_text(width)} {_text(height)}", role="img",
               aria_label=label, **extra)  # fmt: skip


def _text(value: object) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


@dataclass(frozen=True, slots=True)
class Scale:
    """A linear map from values (low..high) to places on the page (start..end)."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        span = self.high - self.low or 1.0
        return self.start + (value - self.low) / span * (self.end - self.start)

    def ticks(self, about: int = 5) -> list[float]:
        """Round values within the scale, 1, 2 or 5 times a power of ten apart."""
        step = round_step((self.high - self.low) / max(about, 1))
        first = math.ceil(self.low / step - 1e-9)
        last = math.floor(self.high / step + 1e-9)
        return [0.0 if i == 0 else float(f"{i * step:.12g}") for i in range(first, last + 1)]


def round_step(rough: float) -> float:
    """The smallest of 1, 2, 5 times a power of ten that is at least `rough`."""
    if not rough > 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(rough))
    return float(next(m * power for m in (1, 2, 5, 10) if m * power >= rough * (1 - 1e-9)))


def number(value: float) -> str:
    """A tick's label, with as many digits as it needs."""
    if value and (abs(value) >= 1e5 or abs(value) < 1e-4):
        return f"{value:.0e}".replace("e-0", "e-").replace("e+0", "e").replace("e+", "e")
    return f"{value:,.6g}".replace("-", "\N{MINUS SIGN}")


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the page."""

    left: float
    top: float
    right: float
    bottom: float

    def overlap(self, other: Box) -> float:
        """The area that two boxes share."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(width, 0.0) * max(height, 0.0)

    def distance(self, x: float, y: float) -> float:
        """How far a place is from the box; 0 inside."""
        return math.hypot(max(self.left - x, 0.0, x - self.right), max(self.top - y, 0.0, y - self.bottom))


def place_labels(
    anchors: Sequence[tuple[float, float]],
    sizes: Sequence[tuple[float, float]],
    obstacles: Sequence[Box],
    frame: Box,
) -> list[Box]:
    """A box for each label near its anchor: of 16 directions at growing distances the one that covers the least of
    obstacles and earlier labels, stays in the frame and lies nearest to its own anchor; close by and to the right if
    there is a choice."""
    placed: list[Box] = []
    for (x, y), (width, height) in zip(anchors, sizes, strict=True):
        best: tuple[float, Box] | None = None
        for distance in (10, 18, 28, 42, 60, 84):
            for step in range(16):
                angle = math.pi / 8 * ((step + 1) // 2 * (1 if step % 2 else -1)) - math.pi / 8
                centre_x = x + math.cos(angle) * (distance + width / 2)
                centre_y = y + math.sin(angle) * (distance + height / 2)
                box = Box(centre_x - width / 2, centre_y - height / 2, centre_x + width / 2, centre_y + height / 2)
                hidden = 3 * sum(box.overlap(other) for other in placed) + sum(box.overlap(o) for o in obstacles)
                outside = width * height - box.overlap(frame)
                nearer = sum(box.distance(*other) <= box.distance(x, y) for other in anchors if other != (x, y))
                cost = hidden + 4 * outside + 60 * nearer + 0.6 * distance + 0.8 * step
                if best is None or cost < best[0]:
                    best = (cost, box)
        assert best is not None
        placed.append(best[1])
    return placed
