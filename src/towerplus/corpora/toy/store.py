"""The toy world as a data folder."""

from __future__ import annotations

import json
from itertools import chain
from pathlib import Path
from typing import Any

from towerplus.corpora.toy.language import grammar_of
from towerplus.corpora.toy.settings import ToySettings
from towerplus.corpora.toy.world import build
from towerplus.records import Conversation, Pair, Preference, Task, Text, read, write


def store(settings: ToySettings, seed: int, out: Path) -> dict[str, Any]:
    """Write the world of `seed` into `out`, after what is there already; returns the number of records of each file.

    Beside the usual files: texts-dev, `register.parquet` (labelled texts for a register classifier), `pronouns.json`
    (the words of address that the classifier must not see) and `glossary.json`.
    """
    world = build(settings, seed)
    counts: dict[str, Any] = {}

    def add(name: str, kind: type[Any], records: list[Any]) -> None:
        path, aside = out / f"{name}.parquet", out / f"{name}.parquet.tmp"
        before = read(path, kind) if path.exists() else ()
        counts[name] = write(aside, kind, chain(before, records))
        aside.replace(path)

    add("texts", Text, world.texts)
    add("texts-dev", Text, world.texts_dev)
    add("pairs", Pair, world.pairs)
    add("pairs-dev", Pair, world.pairs_dev)
    add("conversations", Conversation, world.conversations)
    add("preferences", Preference, world.preferences)
    for split, tasks in world.tasks.items():
        add(f"tasks-{split}", Task, tasks)
    labelled = [Text(item.text, item.locale, kind=item.register, origin="toy") for item in world.judge]
    add("register", Text, labelled)
    pronouns = {
        locale: sorted({word for side in grammar_of(locale).pronouns.values() for word in side})
        for locale in settings.targets
    }
    _json(out / "pronouns.json", pronouns)
    _json(out / "glossary.json", {f"{a} {b}": dict(terms) for (a, b), terms in world.glossaries.items()})
    return counts


def _json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
