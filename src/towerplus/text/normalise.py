"""Normal forms of one text. `arrays.py` has the same for Arrow arrays."""

from __future__ import annotations

import re
import unicodedata

_SPACES = re.compile(r"\s+")


def clean(text: str) -> str:
    """`text` in NFC (Unicode Annex 15), with line feeds for line ends and no white space around it; inside it stays."""
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n").strip()


def normalise(text: str) -> str:
    """`text` in NFC with every run of white space (no-break and wide spaces too) as one space, and none around it."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()
