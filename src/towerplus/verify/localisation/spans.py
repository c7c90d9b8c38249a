"""Where given strings stand in a text as whole items: not as part of a longer number, word or sign."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable


def joined(text: str, left: int, right: int) -> bool:
    """Whether the characters at `left` and `right` (neighbours) belong to one word. Han, kana and hangul stand side by
    side with anything: their scripts part no words, or join particles to them."""
    return _in_word(text[left]) and _in_word(text[right])


def _in_word(character: str) -> bool:
    if character.isascii():
        return character.isalnum() or character == "_"
    code = ord(character)
    if 0x3040 <= code <= 0x30FF or 0x3400 <= code <= 0x9FFF or 0xAC00 <= code <= 0xD7AF or 0x20000 <= code <= 0x3FFFF:
        return False
    return character.isalnum() or unicodedata.category(character)[0] == "M"  # Devanagari vowel signs are marks


def word(text: str, start: int, end: int) -> bool:
    """Whether `text[start:end]` is bounded as words are."""
    return not (start and joined(text, start - 1, start)) and not (end < len(text) and joined(text, end - 1, end))


def quantity(text: str, start: int, end: int, links: str) -> bool:
    """Whether `text[start:end]`, a number, date or measure, ends where it seems to: no digit goes on with it directly,
    over one of `links` (1,234 in 1,234,567; 14:05 in 14:05:30) or over a space that groups thousands; no minus sign
    stands before it; no word or currency sign is longer (5 m in 5 mm, 5 km in 5 km/h, $5 in US$5)."""
    first, last = text[start], text[end - 1]
    if start:
        before = text[start - 1]
        if first.isdigit():
            if before.isdigit() or (before in links and start > 1 and text[start - 2].isdigit()):
                return False
            if before == "-" and (start == 1 or not text[start - 2].isalnum()):
                return False
            if before == " " and _digits_after(text, start) == 3 and 1 <= _digits_before(text, start - 1) <= 3:
                return False
        elif (first.isalpha() and joined(text, start - 1, start)) or (_is_sign(first) and _spaced_letter(before)):
            return False
    if end < len(text):
        after = text[end]
        if last.isdigit() or last == ".":
            if after.isdigit():
                return False
            if last != "." and after in links and end + 1 < len(text) and text[end + 1].isdigit():
                return False
            if after == " " and _digits_after(text, end + 1) == 3 and 1 <= _digits_before(text, end) <= 3:
                return False
        elif _is_sign(last):
            return not _spaced_letter(after)
        elif last.isalpha() and (
            joined(text, end - 1, end) or after in "²³" or (after == "/" and text[end + 1 : end + 2].isalpha())
        ):
            return False
    return True


def _digits_after(text: str, position: int) -> int:
    end = position
    while end < len(text) and text[end].isdigit():
        end += 1
    return end - position


def _digits_before(text: str, position: int) -> int:
    start = position
    while start and text[start - 1].isdigit():
        start -= 1
    return position - start


def _is_sign(character: str) -> bool:
    return unicodedata.category(character) == "Sc"


def _spaced_letter(character: str) -> bool:
    return character.isalpha() and _in_word(character)


def free(taken: Iterable[tuple[int, int]], start: int, end: int) -> bool:
    """Whether [start, end) overlaps none of the `taken` spans."""
    return all(end <= left or right <= start for left, right in taken)
