"""Tasks that ask which of two translations is better: made from pairs that the language side knows the truth of."""

from __future__ import annotations

from random import Random

from towerplus.errors import UserError
from towerplus.languages.locales import find
from towerplus.records import Check, Message, Task, digest

WORDINGS = (
    "Which {target} translation is better?\n{source_language}: {source}\nA: {a}\nB: {b}",
    "Compare two translations into {target}.\nSource: {source}\nA: {a}\nB: {b}\nWhich is better?",
)


def judgement_task(source: str, better: str, worse: str, source_locale: str, target_locale: str, seed: int) -> Task:
    """A task of kind `judgement/preference` whose answer is ``Better: A`` or ``Better: B``.

    Which letter the better translation gets depends on (seed, source, better, worse) alone. The answer is English
    whatever the languages judged, so the task has no target locale. Equal translations raise UserError.
    """
    if better.strip() == worse.strip():
        raise UserError(f"the two translations of {source!r} are the same; nothing to prefer")
    rng = Random(f"{seed} {digest(source, better, worse)}")
    letter = rng.choice("AB")
    a, b = (better, worse) if letter == "A" else (worse, better)
    prompt = rng.choice(WORDINGS).format(
        source=source, a=a, b=b, source_language=find(source_locale).name, target=find(target_locale).name
    )
    return Task(
        messages=(Message("user", prompt),),
        kind="judgement/preference",
        checks=(Check("judgement.verdict", {"better": letter}),),
        reference=f"Better: {letter}",
        cluster=digest(source_locale, source),
        origin="toy",
        licence="Apache-2.0",
    )
