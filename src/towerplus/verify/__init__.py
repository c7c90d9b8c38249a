"""Everything that can be checked, in one table.

The same check rewards GRPO, admits training tasks and scores benchmarks. A new kind is one function
`check(response, task, arguments) -> Verdict` and one line here; modules load when first used.
"""

from __future__ import annotations

import functools
import importlib

from towerplus.errors import UserError
from towerplus.records import Check, Task
from towerplus.verify.base import CheckFunction, Verdict

#: kind -> "module:function", below towerplus.verify
CHECKS: dict[str, str] = {
    "answer.exact": "answers:exact",
    "answer.number": "answers:number",
    "answer.json": "answers:json_value",
    "answer.list": "answers:listed",
    "answer.members": "answers:members",
    "gate.not_empty": "gates:not_empty",
    "gate.not_copy": "gates:not_copy",
    "gate.language": "gates:language",
    "gate.no_repetition": "gates:no_repetition",
    "judgement.verdict": "judgement:verdict",
    "maths.gsm8k": "maths.checks:gsm8k",
    "maths.equivalent": "maths.checks:equivalent",
    "code.tests": "code.check:tests",
    "instruction.length.words": "instructions.length:words",
    "instruction.length.sentences": "instructions.length:sentences",
    "instruction.length.characters": "instructions.length:characters",
    "instruction.length.bytes": "instructions.length:byte_length",
    "instruction.length.lines": "instructions.length:lines",
    "instruction.length.paragraphs": "instructions.length:paragraphs",
    "instruction.keywords.include": "instructions.keywords:include",
    "instruction.keywords.exclude": "instructions.keywords:exclude",
    "instruction.keywords.frequency": "instructions.keywords:frequency",
    "instruction.keywords.start": "instructions.keywords:start",
    "instruction.keywords.end": "instructions.keywords:end",
    "instruction.casing.upper": "instructions.casing:upper",
    "instruction.casing.lower": "instructions.casing:lower",
    "instruction.casing.title": "instructions.casing:title",
    "instruction.format.bullets": "instructions.format:bullets",
    "instruction.format.numbered": "instructions.format:numbered",
    "instruction.format.json": "instructions.format:json_object",
    "instruction.format.quotation": "instructions.format:quotation",
    "instruction.format.alternatives": "instructions.format:alternatives",
    "instruction.format.no_commas": "instructions.format:no_commas",
    "instruction.format.postscript": "instructions.format:postscript",
    "instruction.plain.one_line": "instructions.plain:one_line",
    "instruction.plain.no_digits": "instructions.plain:no_digits",
    "instruction.plain.no_markdown": "instructions.plain:no_markdown",
    "instruction.plain.no_final_stop": "instructions.plain:no_final_stop",
    "localisation.date": "localisation.date:check",
    "localisation.time": "localisation.time:check",
    "localisation.number": "localisation.number:check",
    "localisation.currency": "localisation.currency:check",
    "localisation.percent": "localisation.percent:check",
    "localisation.unit": "localisation.unit:check",
    "localisation.glossary": "localisation.glossary:check",
    "translation.accepted": "translation:accepted",
    "register.preferred": "register:preferred",
    "register.used": "register:used",
}

#: the instructions of IFEval under its own names, which say the file and the function
IFEVAL = (
    "keywords:existence",
    "keywords:frequency",
    "keywords:forbidden_words",
    "keywords:letter_frequency",
    "language:response_language",
    "length_constraints:number_sentences",
    "length_constraints:number_paragraphs",
    "length_constraints:number_words",
    "length_constraints:nth_paragraph_first_word",
    "detectable_content:number_placeholders",
    "detectable_content:postscript",
    "detectable_format:number_bullet_lists",
    "detectable_format:constrained_response",
    "detectable_format:number_highlighted_sections",
    "detectable_format:multiple_sections",
    "detectable_format:json_format",
    "detectable_format:title",
    "combination:two_responses",
    "combination:repeat_prompt",
    "startend:end_checker",
    "startend:quotation",
    "change_case:capital_word_frequency",
    "change_case:english_capital",
    "change_case:english_lowercase",
    "punctuation:no_comma",
)
CHECKS |= {kind: f"instructions.ifeval.{kind}" for kind in IFEVAL}


@functools.cache
def find(kind: str) -> CheckFunction:
    """The function of a check kind; UserError names the nearest known kind."""
    if kind not in CHECKS:
        import difflib

        near = difflib.get_close_matches(kind, CHECKS, n=1)
        raise UserError(f"unknown check {kind!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
    module, _, name = CHECKS[kind].partition(":")
    return getattr(importlib.import_module(f"towerplus.verify.{module}"), name)


def verify(check: Check, response: str, task: Task) -> Verdict:
    """Hold `response` against one check of `task`."""
    return find(check.kind)(response, task, check.arguments)


def verify_all(response: str, task: Task) -> list[Verdict]:
    """The verdicts of all checks of `task`, in their order."""
    return [verify(check, response, task) for check in task.checks]
