"""The locales that the system translates between: BCP 47 tags, names in prompts, scripts, CLDR identifiers."""

from __future__ import annotations

import difflib
import functools
from dataclasses import dataclass

from towerplus.errors import UserError


@dataclass(frozen=True, slots=True)
class Locale:
    """One locale.

    Attributes:
        tag: BCP 47, as records store it: ``pt-PT``, ``zh-Hans``.
        name: the English name that prompts use: ``Portuguese (Portugal)``.
        language: ISO 639 code: ``pt``.
        script: ISO 15924 code: ``Latn``, ``Hans``.
        territory: ISO 3166 or UN M.49 code of the region whose conventions hold: ``PT``, ``419``.
        cldr: the CLDR (Babel) identifier whose data the locale takes: ``pt_PT``.
    """

    tag: str
    name: str
    language: str
    script: str
    territory: str
    cldr: str


# zh-Hans and zh-Hant are the plain script locales of CLDR: mainland China and Taiwan.
LOCALES: dict[str, Locale] = {
    row[0]: Locale(*row)
    for row in (
        ("en-US", "English", "en", "Latn", "US", "en"),
        ("en-GB", "English (United Kingdom)", "en", "Latn", "GB", "en_GB"),
        ("de", "German", "de", "Latn", "DE", "de"),
        ("es-ES", "Spanish (Spain)", "es", "Latn", "ES", "es"),
        ("es-419", "Spanish (Latin America)", "es", "Latn", "419", "es_419"),
        ("fr", "French", "fr", "Latn", "FR", "fr"),
        ("it", "Italian", "it", "Latn", "IT", "it"),
        ("pt-PT", "Portuguese (Portugal)", "pt", "Latn", "PT", "pt_PT"),
        ("pt-BR", "Portuguese (Brazil)", "pt", "Latn", "BR", "pt"),
        ("nl", "Dutch", "nl", "Latn", "NL", "nl"),
        ("da", "Danish", "da", "Latn", "DK", "da"),
        ("sv", "Swedish", "sv", "Latn", "SE", "sv"),
        ("nb", "Norwegian (Bokmål)", "nb", "Latn", "NO", "nb"),
        ("nn", "Norwegian (Nynorsk)", "nn", "Latn", "NO", "nn"),
        ("is", "Icelandic", "is", "Latn", "IS", "is"),
        ("fi", "Finnish", "fi", "Latn", "FI", "fi"),
        ("pl", "Polish", "pl", "Latn", "PL", "pl"),
        ("cs", "Czech", "cs", "Latn", "CZ", "cs"),
        ("hu", "Hungarian", "hu", "Latn", "HU", "hu"),
        ("ro", "Romanian", "ro", "Latn", "RO", "ro"),
        ("ru", "Russian", "ru", "Cyrl", "RU", "ru"),
        ("uk", "Ukrainian", "uk", "Cyrl", "UA", "uk"),
        ("hi", "Hindi", "hi", "Deva", "IN", "hi"),
        ("zh-Hans", "Chinese (Simplified)", "zh", "Hans", "CN", "zh_Hans"),
        ("zh-Hant", "Chinese (Traditional)", "zh", "Hant", "TW", "zh_Hant"),
        ("ja", "Japanese", "ja", "Jpan", "JP", "ja"),
        ("ko", "Korean", "ko", "Kore", "KR", "ko"),
    )
}
_FOLDED = {tag.lower(): locale for tag, locale in LOCALES.items()}
#: What others call some of them: named in the error, never taken silently.
_OTHER_NAMES = {"zh": "zh-Hans", "zh-cn": "zh-Hans", "zh-sg": "zh-Hans", "zh-tw": "zh-Hant", "zh-hk": "zh-Hant"}
_OTHER_NAMES |= {"no": "nb", "no-no": "nb", "jp": "ja", "kr": "ko", "ua": "uk", "cz": "cs", "es-mx": "es-419"}


@functools.lru_cache(maxsize=1024)
def find(tag: str) -> Locale:
    """The locale of `tag`, whatever its case, with `-` or `_`; an unknown tag raises UserError naming the nearest."""
    folded = tag.strip().replace("_", "-").lower()
    if folded in _FOLDED:
        return _FOLDED[folded]
    near = _OTHER_NAMES.get(folded) or _nearest(folded)
    hint = f"did you mean {near!r}?" if near else f"known: {', '.join(LOCALES)}"
    raise UserError(f"unknown locale {tag!r}; {hint}")


def _nearest(folded: str) -> str | None:
    """The tag most like `folded` among those of its language, else among all; None where none is like it."""
    kin = [tag for tag in _FOLDED if tag.split("-")[0] == folded.split("-")[0]]
    near = difflib.get_close_matches(folded, kin or _FOLDED, n=1, cutoff=0.0 if kin else 0.6)
    return _FOLDED[near[0]].tag if near else None
