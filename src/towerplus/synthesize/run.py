"""The stage `synthesize`: reads a data directory, perhaps asks a model, writes records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from towerplus.errors import UserError
from towerplus.records import Conversation, Pair, Preference, R, Task, read, write
from towerplus.synthesize.settings import SynthesizeSettings


def run(
    settings: SynthesizeSettings, data: Path, model: Path | None, out: Path, seed: int, store: Path | None = None
) -> dict[str, int]:
    """Make what `settings.make` says and return counts.

    preferences: reads tasks-train.parquet and, where it is there, preferences.parquet; asks `model` (answers are kept
    in `store` where one is given); writes preferences.parquet.

    instructions: reads pairs.parquet, and pairs-dev.parquet and pairs-test.parquet where they are there; writes
    conversations.parquet and tasks-{train,dev,test}.parquet, after the records that these hold already.
    """
    out.mkdir(parents=True, exist_ok=True)
    if settings.make == "instructions":
        return _instructions(settings, data, out, seed)
    if model is None:
        raise UserError("preferences need a model that answers: put the stage after sft")
    return _preferences(settings, data, model, out, seed, store)


def _preferences(
    settings: SynthesizeSettings, data: Path, model: Path, out: Path, seed: int, store: Path | None
) -> dict[str, int]:
    from towerplus.engines.base import Engine
    from towerplus.engines.local import LocalEngine
    from towerplus.engines.store import Store, stored
    from towerplus.synthesize.preferences import preferences

    engine: Engine = LocalEngine.load(model)
    if store is not None:
        engine = stored(engine, Store(store))
    pairs = data / "preferences.parquet"
    off_policy = list(read(pairs, Preference)) if pairs.is_file() else []
    tasks = data / "tasks-train.parquet"
    made, counts = preferences(read(tasks, Task), off_policy, engine, settings, seed)
    if not made:
        reasons = ", ".join(f"{name} {n}" for name, n in sorted(counts.items()) if name.startswith("dropped"))
        raise UserError(
            f"not one preference pair could be made ({reasons or 'no tasks of the kinds asked for'})", str(tasks)
        )
    return {"preferences": write(out / "preferences.parquet", Preference, made), **counts}


def _instructions(settings: SynthesizeSettings, data: Path, out: Path, seed: int) -> dict[str, int]:
    from towerplus.synthesize.instructions import conversations, directions, tasks

    def pairs(split: str) -> Iterator[Pair]:
        return directions(read(data / f"pairs{split}.parquet", Pair), settings.both_directions)

    made = islice(conversations(pairs(""), settings.wordings, seed), settings.conversations)
    counts = _append(data, out, "conversations", Conversation, made)
    if counts["conversations"] == counts.get("conversations: kept", 0):
        raise UserError("no pairs with text on both sides", str(data / "pairs.parquet"))
    for split, file, limit in (("train", "", settings.tasks), ("dev", "-dev", None), ("test", "-test", None)):
        if (data / f"pairs{file}.parquet").is_file():
            made_tasks = tasks(pairs(file), settings.wordings, seed, limit)
            counts |= _append(data, out, f"tasks-{split}", Task, made_tasks)
    return counts


def _append(data: Path, out: Path, name: str, kind: type[R], made: Iterable[R]) -> dict[str, int]:
    """Write the records that the data folder has under `name`, and `made` after them: what the user gave stays. Returns
    how many there are and, where there are some, how many were there before."""
    path, kept = data / f"{name}.parquet", 0

    def every() -> Iterator[R]:
        nonlocal kept
        for record in read(path, kind) if path.is_file() else ():
            kept += 1
            yield record
        yield from made

    counts = {name: write(out / path.name, kind, every())}
    return counts | ({f"{name}: kept": kept} if kept else {})
