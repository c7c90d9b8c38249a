"""Placeholders and tags in localisation strings, as multisets that a translation must keep.

Read: printf (C, Objective-C, Python `%(name)s`, `<PRIu64>`), Qt (`%1`, `%L1`), braces (Python `{}`, `{0:.2f}`,
`{name}`; ICU MessageFormat; `${x}`, `%{x}`, `#{x}`), mustache (`{{x}}`), HTML and XML tags.
"""

from __future__ import annotations

import re
from collections import Counter

_PLACEHOLDER = re.compile(
    r"""
    (?P<percent>%%)
  | (?P<mustache>\{\{[^{}]*\}\})
  | (?P<brace>[$%\#]?\{\s*[\w.\-\[\]]*(?:[:!][^{}]*)?\s*\})
  | (?P<named>%\(\w+\)[-+\#0]*\d*(?:\.\d+)?[A-Za-z])
    # neither a space flag nor a digit before it: "50 % der" and "50%ige" are prose
  | (?<!\d)%(?:(?P<index>\d+)\$)?[-+\#0']*(?P<width>\*(?:\d+\$)?|\d+)?(?:\.(?P<precision>\*(?:\d+\$)?|\d+))?
        (?P<type><PRI\w+>|(?:hh|h|ll|l|L|q|j|z|t)?[diouxXeEfFgGaAcCspnm@])
  | (?<!\d)(?P<qt>%L?[1-9]\d?)(?![\d$])
    """,
    re.VERBOSE,
)
_ICU = re.compile(r"\{\s*(\w+)\s*,\s*(plural|selectordinal|select|number|date|time|spellout|ordinal|duration)\b")
_TAG = re.compile(r"<(?P<close>/?)(?P<name>[A-Za-z][\w:.-]*)(?P<attributes>\s[^<>]*?)?(?P<empty>/?)>")
# tags that often stand alone; other lone names, as in "usage: cp <file>", are words to translate
_LONE = re.compile("a|b|br|div|em|h[1-6]|hr|i|img|input|li|p|pre|span|strong|td|th|tr|tt|u|wbr")
_SPACE = re.compile(r"\s+")


def _take_icu(text: str, found: Counter[str]) -> str:
    """Move ICU arguments with a type from `text` into `found`. The branches inside differ from language to language
    (plural categories), so an argument counts as its name and type."""
    while match := _ICU.search(text):
        depth, end = 1, match.end()
        while depth and end < len(text):
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        found[f"{{{match[1]}, {match[2]}}}"] += 1
        text = text[: match.start()] + " " + text[end:]
    return text


def placeholders(text: str) -> Counter[str]:
    """The placeholders of `text` in a canonical spelling.

    Conversions without a position are numbered as C does, so that `%s: %d` equals `%2$d (%1$s)` but not `%d: %s`.
    Flags, width and precision may change with the language and are left out, as `msgfmt --check-format` does.
    """
    found: Counter[str] = Counter()
    position = 0
    for match in _PLACEHOLDER.finditer(_take_icu(text, found)):
        kind = match.lastgroup
        if kind != "type":
            found[_SPACE.sub("", match[0])] += 1
            continue
        conversion = {"i": "d"}.get(match["type"], match["type"])
        if conversion == "m":  # glibc's error message takes no argument
            found["%m"] += 1
            continue
        for star in (match["width"], match["precision"]):  # an argument too: %*d, %2$.*1$s
            if star and star[0] == "*":
                position += star == "*"
                found[f"%{star[1:-1] or position}$*"] += 1
        position += match["index"] is None
        found[f"%{match['index'] or position}${conversion}"] += 1
    return found


def tags(text: str) -> Counter[str]:
    """The HTML and XML tags of `text`, without their attributes (they may be translated): `<a>`, `</a>`, `<br/>`.

    A lone `<name>` counts where it is a common tag of HTML, has attributes or is closed; `<br>` equals `<br/>`.
    """
    found: Counter[str] = Counter()
    matches = list(_TAG.finditer(text))
    closed = {match["name"].lower() for match in matches if match["close"]}
    for match in matches:
        name = match["name"].lower()
        if match["close"]:
            found[f"</{name}>"] += 1
        elif match["empty"] or name in ("br", "hr", "img", "input", "wbr"):
            found[f"<{name}/>"] += 1
        elif _LONE.fullmatch(name) or name in closed or "=" in (match["attributes"] or ""):
            found[f"<{name}>"] += 1
    return found


def markers(text: str) -> Counter[str]:
    """Placeholders and tags together."""
    return placeholders(text) + tags(text)


def difference(source: str, target: str) -> tuple[Counter[str], Counter[str]]:
    """The markers that `target` lacks and those that it adds; both empty where it keeps exactly those of `source`."""
    wanted, given = markers(source), markers(target)
    return wanted - given, given - wanted
