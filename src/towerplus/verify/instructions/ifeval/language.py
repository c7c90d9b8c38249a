"""language: the whole response is in one language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from towerplus.languages.identify import is_language, top_language
from towerplus.languages.locales import LOCALES
from towerplus.records import Task
from towerplus.verify.base import PASSED, Verdict, failed
from towerplus.verify.instructions.common import answered, argument

# What others call a language, and CLD2's code of it.
_CODES = {"nb": "no", "nn": "no", "he": "iw", "fil": "tl", "jv": "jw"}
_TAGS = {tag.lower(): tag for tag in LOCALES}


@answered
def response_language(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """{language}: an ISO 639 code, or a locale such as pt-BR, whose script and variety then must not be another's."""
    wanted = argument(arguments, "language", str).replace("_", "-").lower()
    code = wanted.partition("-")[0]
    found = top_language(response)
    if found != _CODES.get(code, code):
        return failed(f"is in {found}, not {wanted}" if found else f"cannot be told to be in {wanted}")
    if "-" in wanted and wanted in _TAGS and is_language(response, _TAGS[wanted]) is False:
        return failed(f"is in another variety than {wanted}", 0.5)
    return PASSED
