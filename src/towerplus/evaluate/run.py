"""Ask a model every task, in each form, and keep what it answered and how that was judged."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from towerplus.engines.base import Completion, Engine, Request, Sampling
from towerplus.errors import UserError
from towerplus.evaluate.benchmarks import benchmark_of, scorer
from towerplus.evaluate.settings import EvaluateSettings
from towerplus.prompts.chat import plain_prompt
from towerplus.records import Task, digest, read

ITEMS = "items.parquet"


def run(
    settings: EvaluateSettings, data: Path, model: Path, out: Path, seed: int, store: Path | None = None
) -> dict[str, Any]:
    """Evaluate the model directory `model` on `data/tasks-SPLIT.parquet`; writes `out/items.parquet`.

    Answers are kept in `store` (SQLite), so scoring again never generates again. Returns counts: items, and answers
    by outcome.
    """
    from towerplus.engines.local import LocalEngine
    from towerplus.engines.store import Store, stored

    tasks = choose(list(read(data / f"tasks-{settings.split}.parquet", Task)), settings.limit)
    if not tasks:
        raise UserError("no tasks to evaluate on", str(data / f"tasks-{settings.split}.parquet"))
    engine: Engine = LocalEngine.load(model, batch_rows=settings.batch_rows)
    if store is not None:
        engine = stored(engine, Store(store))
    rows: list[dict[str, Any]] = []
    outcomes: Counter[str] = Counter()
    for form in settings.forms:
        answers = ask(engine, tasks, form, settings.max_tokens)
        outcomes.update(answer.outcome for answer in answers)
        rows += judge(tasks, [clean(answer.text) for answer in answers], form, data)
    write_items(out / ITEMS, rows)
    return {"items": len(rows), "tasks": len(tasks), **{f"answers {k}": v for k, v in sorted(outcomes.items())}}


def choose(tasks: list[Task], limit: int | None) -> list[Task]:
    """At most `limit` tasks of each benchmark, the first ones."""
    if limit is None:
        return tasks
    taken: Counter[str] = Counter()
    result = []
    for task in tasks:
        name = benchmark_of(task)
        taken[name] += 1
        if taken[name] <= limit:
            result.append(task)
    return result


def ask(engine: Engine, tasks: Sequence[Task], form: str, max_tokens: int) -> list[Completion]:
    """One greedy answer to each task. In plain form a one-line answer ends at the line's end."""
    requests = []
    for task in tasks:
        if form == "chat":
            requests.append(Request(messages=task.messages, sampling=Sampling(max_tokens=max_tokens)))
        else:
            prompt, joiner = plain_prompt(task.messages)
            stop = () if task.reference and "\n" in task.reference else ("\n",)
            prompt += joiner if joiner == "\n" else ""
            requests.append(Request(prompt=prompt, sampling=Sampling(max_tokens=max_tokens, stop=stop)))
    return [completions[0] for completions in engine.complete(requests)]


def clean(text: str) -> str:
    """An answer without the white space around it."""
    return text.strip()


def judge(tasks: Sequence[Task], responses: Sequence[str], form: str, data: Path) -> list[dict[str, Any]]:
    """The item rows of `responses`, in the order of `tasks`."""
    groups: dict[str, list[int]] = defaultdict(list)
    for i, task in enumerate(tasks):
        groups[benchmark_of(task)].append(i)
    rows: list[dict[str, Any]] = [{} for _ in tasks]
    for benchmark, members in groups.items():
        scored = scorer(benchmark)([tasks[i] for i in members], [responses[i] for i in members], data)
        for i, columns in zip(members, scored, strict=True):
            rows[i] = {"benchmark": benchmark, **columns}
    for row, task, response in zip(rows, tasks, responses, strict=True):
        row |= {
            "kind": task.kind,
            "item": digest(task.kind, *(m.content for m in task.messages)),
            "cluster": task.cluster,
            "prompt_form": form,
            "prompt": task.messages[-1].content,
            "source": task.source,
            "source_locale": task.source_locale,
            "target_locale": task.target_locale,
            "reference": task.reference,
            "response": response,
        }
    return rows


def write_items(path: Path, rows: list[dict[str, Any]]) -> None:
    """Write item rows as Parquet, one row an answer; `verdicts` and `values` are JSON text."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    text, optional = pa.large_string(), ("source", "source_locale", "target_locale", "reference")
    names = ("benchmark", "kind", "item", "cluster", "prompt_form", "prompt", *optional, "response")
    layout = pa.schema(
        [pa.field(name, text, nullable=name in optional) for name in names]
        + [pa.field("passed", pa.bool_()), pa.field("score", pa.float64())]
        + [pa.field("verdicts", text), pa.field("values", text)]
        + [pa.field("chrf", pa.list_(pa.int64())), pa.field("bleu", pa.list_(pa.int64()))]
    )
    plain = [
        {
            **row,
            "verdicts": json.dumps(row.get("verdicts", []), ensure_ascii=False),
            "values": json.dumps(row.get("values", {}), sort_keys=True),
            "chrf": row.get("chrf"),
            "bleu": row.get("bleu"),
        }
        for row in rows
    ]
    pq.write_table(pa.Table.from_pylist(plain, schema=layout), path, compression="zstd")
