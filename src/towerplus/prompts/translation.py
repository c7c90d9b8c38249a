"""Translation instructions in their wordings. `tower` is the prompt of the Tower+ model card."""

from __future__ import annotations

from towerplus.languages.locales import find
from towerplus.records import Message

#: name -> wording. {source}/{target} are language names, {text} the text; a wording that ends in "{target}:" invites
#: the answer on the same line.
WORDINGS: dict[str, str] = {
    "tower": "Translate the following {source} source text to {target}:\n{source}: {text}\n{target}: ",
    "source-target": "Translate the source text from {source} to {target}.\nSource: {text}\nTarget: ",
    "write": "Write the following text in {target}.\n{source}: {text}\n{target}: ",
    "short": "Translate into {target}: {text}",
    "quoted": 'Please translate this {source} text into {target}, and give only the translation:\n"{text}"',
    "question": "How do you say this in {target}?\n{text}",
}
#: the wordings that continued pretraining uses: the answer follows on the same line
CPT_WORDINGS = ("tower", "source-target", "write")


def translation_prompt(
    text: str, source_locale: str, target_locale: str, wording: str = "tower"
) -> tuple[Message, ...]:
    """One user turn that asks for a translation of `text`; an unknown locale raises UserError."""
    source, target = find(source_locale).name, find(target_locale).name
    return (Message("user", WORDINGS[wording].format(source=source, target=target, text=text)),)
