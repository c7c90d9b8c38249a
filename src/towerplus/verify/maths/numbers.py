"""Numbers as people and models write them, read exactly; and where in a response its final answer stands."""

from __future__ import annotations

import re
from fractions import Fraction

#: Digits beyond this are no answer: exact arithmetic on them would only cost time.
LONGEST = 200
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)"
_DECIMAL = rf"(?:{_DIGITS}(?:\.\d*)?|\.\d+)"
_NUMBER = re.compile(rf"({_DECIMAL})(?:\s*/\s*({_DECIMAL}))?")
_SIGN = re.compile(r"\s*([-−+]?)\s*")
_CURRENCY = re.compile(r"\s*(?:\\?\$|US\$|[€£¥₹])?\s*")
# What may follow the number: words of a unit, a percent sign, a full stop; no second number and no formula.
_UNIT = re.compile(r"[^\d+*/=^<>_{}()\[\]\\-]*(?:\\[%$])?[^\d+*/=^<>_{}()\[\]\\-]*")
_SCALE = re.compile(r"\s*(thousand|million|billion|trillion)\b", re.IGNORECASE)
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_LATEX_FRACTION = re.compile(r"\\[dt]?frac\{(\d+)\}\{(\d+)\}")
_PLAIN = re.compile(r"([-−+]?)(\d+(?:\.\d+)?|\.\d+)(?:/(\d+))?")
# The official mark of GSM8K, the one its published solutions use, and what models write.
_MARK = re.compile(r"####|^\s*A\s*:|\banswer\s*(?:is|:)\s*:?", re.IGNORECASE | re.MULTILINE)
_ANY = re.compile(rf"[-−+]?(?:\\?\$\s*)?{_DECIMAL}(?:\s*/\s*{_DECIMAL})?")


def quantity(text: str) -> Fraction | None:
    """The one number that `text` says: grouped by commas, a decimal, a fraction a/b, with a sign, a currency and a unit
    around it ("-$1,250.50", "7/14 of them", "1.8 billion"). None where it is no number, more than one, or a formula."""
    text = text.strip().strip("*`").strip()
    text = re.sub(r"\\text\{([^{}]*)\}|\$\s*(?=$)", r"\1", text).replace("\\,", "").replace("\\!", "")
    sign = _SIGN.match(text)
    place = sign.end() if sign else 0
    if currency := _CURRENCY.match(text, place):
        place = currency.end()
    minus = sign[1] if sign else ""
    if not minus and (late := _SIGN.match(text, place)):  # $-5
        minus, place = late[1], late.end()
    if fraction := _LATEX_FRACTION.match(text, place):
        found, above, below = fraction, fraction[1], fraction[2]
    elif number := _NUMBER.match(text, place):
        found, above, below = number, number[1], number[2]
    else:
        return None
    if not _UNIT.fullmatch(text, found.end()):
        return None
    value, scale = _value(minus, above, below), _SCALE.match(text, found.end())
    return value * _SCALES[scale[1].lower()] if scale and value is not None else value


def plain(text: str) -> Fraction | None:
    """The value of an integer, a decimal or a fraction without unit or grouping: what cannot be read in two ways."""
    text = text.strip()
    if fraction := re.fullmatch(r"([-−+]?)" + _LATEX_FRACTION.pattern, text):
        return _value(*fraction.groups())
    if not (found := _PLAIN.fullmatch(text)) or (found[3] and "." in found[2]):
        return None
    return _value(*found.groups())


def marked(response: str) -> str | None:
    """What follows the last mark of a final answer (`####`, `A:`, "answer is") on its line, or stands in the last
    `\\boxed{}`, whichever comes last."""
    marks = list(_MARK.finditer(response))
    end = marks[-1].end() if marks else -1
    if (place := response.rfind("\\boxed{")) >= end and (content := _braces(response, place + 6)) is not None:
        return content
    if end < 0:
        return None
    line, _, _ = response[end:].lstrip().partition("\n")
    return line.rstrip().rstrip(".")


def last(response: str) -> Fraction | None:
    """The last number of the response, whatever stands around it."""
    found = _ANY.findall(response)
    return quantity(found[-1]) if found else None


def boxed(text: str) -> str | None:
    """The content of the only `\\boxed{}` of `text`; None where there is none, or several."""
    if text.count("\\boxed") != 1 or (place := text.find("\\boxed{")) < 0:
        return None
    return _braces(text, place + 6)


def _braces(text: str, place: int) -> str | None:
    """What the brace at `place` encloses; None where it is never closed."""
    depth = 0
    for here in range(place, len(text)):
        if text[here] in "{}" and (here == 0 or text[here - 1] != "\\"):
            depth += 1 if text[here] == "{" else -1
            if depth == 0:
                return text[place + 1 : here].strip()
    return None


def _value(sign: str, above: str, below: str | None) -> Fraction | None:
    if len(above) + len(below or "") > LONGEST:
        return None
    top, bottom = Fraction(above.replace(",", "")), Fraction((below or "1").replace(",", ""))
    if not bottom:
        return None
    return -top / bottom if sign in ("-", "−") else top / bottom
