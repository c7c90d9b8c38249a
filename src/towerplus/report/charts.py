"""The pictures of a report, from plain numbers to SVG."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from towerplus.report.svg import COLOURS, Box, Scale, number, path, picture, place_labels, tag, text


@dataclass(frozen=True, slots=True)
class Spread:
    """A figure and its 95% interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Place:
    """A stage in the plane of the two figures. `colour` is its index in the palette; `main` is false for controls."""

    name: str
    general: Spread
    translation: Spread
    probability: float
    colour: int
    main: bool = True


def frontier(places: Sequence[Place], *, alone: bool = False) -> str:
    """General capability (x) against translation (y): intervals, the way the stages took, the Pareto frontier; and a
    close-up where most stages crowd into a corner because the first ones are far behind."""
    width, height = 1020.0, 470.0
    near = _crowd(places)
    split = 430.0 if near else width
    named = [p for p in places if p not in near]  # the others have their names in the close-up
    parts = _plane(places, named, Box(0.0, 0.0, split, height), "all stages" if near else "")
    if near:
        parts += _plane(near, near, Box(split + 20.0, 0.0, width, height), "close-up of the best")
    said = ", ".join(f"{p.name} {p.general.value:.1f}/{p.translation.value:.1f}" for p in places)
    return picture(width, height, *parts, label=f"General capability against translation: {said}", alone=alone)


def _crowd(places: Sequence[Place]) -> list[Place]:
    """The stages that share the best corner, if they are crowded there and others are not among them."""
    far = [max(spread(p).value for p in places) / 2 for spread in _AXES]
    near = [p for p in places if all(spread(p).value > half for spread, half in zip(_AXES, far, strict=True))]
    if not 2 <= len(near) < len(places):
        return []

    def span(some: Sequence[Place], spread: Callable[[Place], Spread]) -> float:
        return max(spread(p).high for p in some) - min(spread(p).low for p in some)

    crowded = any(span(near, spread) < 0.4 * span(places, spread) for spread in _AXES)
    return near if crowded else []


_AXES: tuple[Callable[[Place], Spread], ...] = (lambda p: p.general, lambda p: p.translation)


def _plane(places: Sequence[Place], named: Sequence[Place], area: Box, title: str) -> list[str]:
    """The stages in a plane with axes, intervals and labels."""
    left, right, top, bottom = area.left + 52.0, area.right - 14.0, area.top + 28.0, area.bottom - 48.0
    x = _scale([v for p in places for v in (p.general.low, p.general.high)], left, right)
    y = _scale([v for p in places for v in (p.translation.low, p.translation.high)], bottom, top)
    parts = _axes(x, y, "general and constraint tasks passed, %", "translation, chrF")
    if title:
        parts.append(text(left, area.top + 14, title, class_="soft"))
    main = [(x(p.general.value), y(p.translation.value)) for p in places if p.main]
    if len(main) > 1:
        parts.append(path(main, class_="path"))
    parts.append(path(_stairs(places, x, y, left, bottom), class_="front"))
    obstacles = [Box(a[0] - 1, a[1] - 1, a[0] + 1, a[1] + 1) for a in _along(main)]
    for p in places:
        at_x, at_y = x(p.general.value), y(p.translation.value)
        (x0, x1), (y0, y1) = (x(p.general.low), x(p.general.high)), (y(p.translation.low), y(p.translation.high))
        for bar in ([(x0, at_y), (x1, at_y)], [(at_x, y0), (at_x, y1)]):
            parts.append(path(bar, class_=f"s{p.colour}", stroke_width=1.6, opacity=0.75))
        obstacles += [Box(x0, at_y - 3, x1, at_y + 3), Box(at_x - 3, y1, at_x + 3, y0)]
        obstacles.append(Box(at_x - 7, at_y - 7, at_x + 7, at_y + 7))
    for p in places:
        at = {"cx": x(p.general.value), "cy": y(p.translation.value)}
        parts.append(tag("circle", class_=f"f{p.colour}", r=6 if p.main else 4.5, stroke_width=1.5, **at))
    anchors = [(x(p.general.value), y(p.translation.value)) for p in named]
    labels = [(p.name, f"P {p.probability:.2f}" if p.probability >= 0.005 else "") for p in named]
    sizes = [(7.6 * len(name) + (6.4 * len(chance) + 6 if chance else 0) + 4, 16.0) for name, chance in labels]
    boxes = place_labels(anchors, sizes, obstacles, Box(left, top, right, bottom))
    for (name, chance), box, (at_x, at_y) in zip(labels, boxes, anchors, strict=True):
        near_x, near_y = min(max(at_x, box.left), box.right), min(max(at_y, box.top), box.bottom)
        if (near_x - at_x) ** 2 + (near_y - at_y) ** 2 > 18**2:
            parts.append(path([(at_x, at_y), (near_x, near_y)], class_="leader"))
        words = tag("tspan", escape(name), class_="strong")
        words += tag("tspan", escape(chance), class_="soft", dx=6) if chance else ""
        parts.append(tag("text", words, class_="halo", x=box.left + 2, y=box.bottom - 4, font_size=13))
    return parts


def _stairs(places: Sequence[Place], x: Scale, y: Scale, left: float, bottom: float) -> list[tuple[float, float]]:
    """The border of what the best stages dominate, from the left edge to the bottom one."""
    edge, corners = float("-inf"), []
    for p in sorted(places, key=lambda p: (-p.general.value, -p.translation.value)):
        if p.translation.value > edge:
            corners.append((x(p.general.value), y(p.translation.value)))
            edge = p.translation.value
    line, level = [(corners[0][0], bottom)], bottom
    for at_x, at_y in corners:
        line += [(at_x, level), (at_x, at_y)]
        level = at_y
    return [*line, (left, level)]


def _along(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Places every few pixels along a line, for labels to keep away from."""
    result = []
    for (ax, ay), (bx, by) in itertools.pairwise(points):
        count = max(2, int(((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5 / 4))
        result += [(ax + (bx - ax) * i / count, ay + (by - ay) * i / count) for i in range(count + 1)]
    return result


@dataclass(frozen=True, slots=True)
class Series:
    """A line over training steps."""

    name: str
    steps: Sequence[float]
    values: Sequence[float]
    colour: int


def curves(series: Sequence[Series], label: str) -> str:
    """Training curves: the mean of each of at most 120 stretches of steps."""
    width, height = 330.0, 176.0
    thin = [_thinned(one) for one in series]
    left, right, top, bottom = 46.0, width - 8.0, 10.0, height - 24.0
    steps = [step for one in thin for step, _ in one]
    x = Scale(min(steps), max(steps), left, right)
    y = _scale([value for one in thin for _, value in one], bottom, top)
    parts = _axes(x, y, "", "", about=4)
    for one, points in zip(series, thin, strict=True):
        dash = "5 3" if one.colour >= COLOURS else None
        line = [(x(step), y(value)) for step, value in points]
        style = {"class_": f"s{one.colour % COLOURS}", "stroke_width": 1.6, "stroke_dasharray": dash}
        parts.append(path(line, stroke_linejoin="round", **style) if len(line) > 1 else _dot(line[0], one.colour))
    return picture(width, height, *parts, label=label)


def _dot(at: tuple[float, float], colour: int) -> str:
    return tag("circle", class_=f"f{colour % COLOURS}", cx=at[0], cy=at[1], r=3)


def _thinned(one: Series, most: int = 120) -> list[tuple[float, float]]:
    count = min(most, len(one.steps))
    cuts = [len(one.steps) * i // count for i in range(count + 1)]
    return [(sum(one.steps[a:b]) / (b - a), sum(one.values[a:b]) / (b - a)) for a, b in itertools.pairwise(cuts)]


def change(delta: Spread, reach: float, colour: int) -> str:
    """A difference on a line through zero, for a table's cell; `reach` is the largest one of its row."""
    width, height = 92.0, 12.0
    x = Scale(-reach, reach, 3.0, width - 3.0)
    parts = [
        path([(x(0.0), 0.0), (x(0.0), height)], class_="axis", stroke_width=0.8),
        path([(x(delta.low), 6.0), (x(delta.high), 6.0)], class_=f"s{colour}", stroke_width=2.0),
        tag("circle", class_=f"f{colour}", cx=x(delta.value), cy=6.0, r=3.2, stroke_width=0.8),
    ]
    return picture(width, height, *parts, label=f"{delta.value:+.2f} [{delta.low:+.2f}, {delta.high:+.2f}]")


def _scale(values: Sequence[float], start: float, end: float) -> Scale:
    """A scale a little wider than the values, and not below zero where they are not."""
    low, high = min(values), max(values)
    margin = 0.06 * (high - low) or abs(high) * 0.1 or 1.0
    floor = 0.0 if low >= 0 else float("-inf")
    return Scale(max(low - margin, floor), high + margin, start, end)


def _axes(x: Scale, y: Scale, x_name: str, y_name: str, about: int = 6) -> list[str]:
    """Grid, tick labels and names."""
    parts = []
    for value in y.ticks(about):
        at = y(value)
        parts.append(path([(x.start, at), (x.end, at)], class_="grid", stroke_width=1))
        parts.append(text(x.start - 7, at + 4, number(value), class_="soft", text_anchor="end", font_size=11))
    for value in x.ticks(about):
        at = x(value)
        parts.append(path([(at, y.start), (at, y.start + 4)], class_="axis", stroke_width=1))
        anchor = "end" if x.end - at < 10 else "middle"
        parts.append(text(at, y.start + 17, number(value), class_="soft", text_anchor=anchor, font_size=11))
    parts.append(path([(x.start, y.start), (x.end, y.start)], class_="axis", stroke_width=1))
    if x_name:
        parts.append(text((x.start + x.end) / 2, y.start + 38, x_name, class_="soft", text_anchor="middle"))
    if y_name:
        middle = (y.start + y.end) / 2
        side = x.start - 40
        turn = f"rotate(-90 {side:.1f} {middle:.1f})"
        parts.append(text(side, middle, y_name, class_="soft", text_anchor="middle", transform=turn))
    return parts
