"""A recipe becomes artifacts: what there is to do, doing it, and taking it up again after a kill.

Each stage is one folder of the run, made from the folders before it. Evaluations depend on the models alone, so a
second process scores each model while the next one is trained.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import yaml

import towerplus
from towerplus import artifact
from towerplus.errors import UserError
from towerplus.recipe import CORPORA, KINDS, Recipe, Stage


@dataclass(frozen=True, slots=True)
class Step:
    """One artifact to make: `kind` is corpora, a stage kind, or evaluate; `inputs` are names of earlier steps."""

    name: str
    kind: str
    folder: str
    digest: str
    inputs: dict[str, str]
    settings: dict[str, Any]
    made: bool


#: files of a data folder that say how it was made; not part of the data set
OWN = {artifact.MANIFEST, "dropped.parquet"}
#: files of a run beside its folders
RESULTS = ("recipe.yaml", "items.parquet", "scores.json", "report.html", "frontier.svg", "answers.db")
LOCK = ".lock"
#: called with (event, step, facts); events: cached, started, finished
Listener = Callable[[str, Step, dict[str, Any]], None]


def plan(recipe: Recipe, run: Path, until: str | None = None, reread: bool = True) -> list[Step]:
    """The steps of `recipe` in order, each with its digest and whether `run` already holds it.

    `reread=False` takes the text that `run` holds for that of the recipe, whose files may be elsewhere by now.
    """
    if until is not None and until != CORPORA:
        recipe.stage(until)
    steps: list[Step] = []
    digests: dict[str, str] = {}

    def add(name: str, kind: str, folder: str, inputs: dict[str, str], settings: dict[str, Any], **more: Any) -> None:
        digest = artifact.digest_of(
            kind=kind,
            settings=settings,
            seed=recipe.seed,
            inputs={key: digests[value] for key, value in inputs.items()},
            version=towerplus.__version__,
            **more,
        )
        if name == CORPORA and not reread:
            digest = (artifact.manifest(run / folder) or {}).get("digest", digest)
        digests[name] = digest
        steps.append(Step(name, kind, folder, digest, inputs, settings, artifact.is_made(run / folder, digest)))

    files = {str(path): artifact.file_digest(path) for path in recipe.corpora.files()} if reread else {}
    add(CORPORA, CORPORA, CORPORA, {}, recipe.corpora.model_dump(mode="json"), files=files)
    if until == CORPORA:
        return steps
    for stage in recipe.stages:
        inputs = {"data": stage.data} | ({"model": stage.after} if _needs_model(stage) else {})
        more = {"checkpoint": found} if (found := _checkpoint(stage)) else {}
        add(stage.name, stage.kind, stage.name, inputs, stage.settings.model_dump(mode="json"), **more)
        if stage.makes == "model" and recipe.evaluate.enabled:
            inputs = {"data": _tasks_of(recipe, stage), "model": stage.name}
            if not _has_tasks(recipe, inputs["data"]):
                message = "nothing to ask it: put a stage `instructions` before it, or set evaluate.enabled=false"
                raise UserError(message, f"stages.{stage.name}")
            settings = recipe.evaluate.model_dump(mode="json")
            add(f"evaluation/{stage.name}", "evaluate", f"evaluation/{stage.name}", inputs, settings)
        if stage.name == until:
            break
    return steps


def run(recipe: Recipe, out: Path, until: str | None = None, listen: Listener = lambda *_: None) -> list[Step]:
    """Make every artifact of `recipe` that `out` does not hold yet, then the tables and the report."""
    steps = plan(recipe, out, until)
    if out.exists() and not out.is_dir():
        raise UserError("is a file; a run needs a folder", str(out))
    _require_own(out, steps)
    with artifact.storage(out):
        out.mkdir(parents=True, exist_ok=True)
    with _alone(out), _second_process(any(s.kind == "evaluate" and not s.made for s in steps)) as submit:
        with artifact.storage(out):
            text = yaml.safe_dump(recipe.resolved, sort_keys=False, allow_unicode=True)
            artifact.write_text(out / "recipe.yaml", text)
        pending: list[tuple[Step, Future[dict[str, Any]]]] = []
        for step in steps:
            _settle(pending, listen, wait=False)
            if step.made:
                listen("cached", step, artifact.manifest(out / step.folder) or {})
            elif step.kind == "evaluate":
                listen("started", step, {})
                pending.append((step, submit(_make, recipe, out, step)))
            else:
                damaged = (out / step.folder).is_dir() and artifact.manifest(out / step.folder) is None
                listen("started", step, {"damaged": damaged})
                listen("finished", step, _make(recipe, out, step))
        _settle(pending, listen, wait=True)
        if until is None:  # else a later stage may have a checkpoint there
            shutil.rmtree(out / artifact.BUILDING, ignore_errors=True)
        conclude(recipe, out, steps)
    return steps


def _require_own(out: Path, steps: list[Step]) -> None:
    """What a run writes it replaces: in a folder where none has been, files of these names are somebody else's."""
    if (out / LOCK).exists() or (out / CORPORA / artifact.MANIFEST).is_file():
        return
    names = [step.folder.split("/")[0] for step in steps]
    for name in dict.fromkeys([*names, "model", *RESULTS]):
        if (out / name).exists():
            raise UserError("is there and not from a run, which would replace it; give another --out", str(out / name))


def report(recipe: Recipe, out: Path) -> None:
    """`conclude` with what is there: no model is called and no text is read."""
    steps = [s for s in plan(recipe, out, reread=False) if s.made]
    if not any(s.kind == "evaluate" for s in steps):
        raise UserError("no evaluated model of this recipe and version; `tower run` makes them", str(out))
    with _alone(out):
        conclude(recipe, out, steps)


def conclude(recipe: Recipe, out: Path, steps: list[Step]) -> None:
    """The final model, `items.parquet`, `scores.json` and `report.html` of a run, from its artifacts."""
    models = [s for s in steps if s.kind in KINDS and KINDS[s.kind].makes == "model"]
    if not models:
        return
    final = _main_line(recipe, models)[-1]
    for folder in (out / final.folder, *(out / s.folder for s in steps if s.kind == "evaluate")):
        artifact.require_whole(folder)
    with artifact.storage(out):
        _replace_tree(out / final.folder / "model", out / "model")
        evaluations = [s for s in steps if s.kind == "evaluate"]
        if evaluations:
            from towerplus.evaluate import tables
            from towerplus.report import page

            parents = {s.name: s.inputs.get("model") for s in models}
            order = [s.inputs["model"] for s in evaluations]
            folders = {s.inputs["model"]: out / s.folder for s in evaluations}
            groups = {"trained": _trained_kinds(out, models)}
            tables.conclude(out, folders, order, parents, groups, recipe.seed, recipe.evaluate.bootstrap)
            page.render(out)


def _make(recipe: Recipe, out: Path, step: Step) -> dict[str, Any]:
    """Make one artifact; returns its manifest. Runs in either process."""
    inputs = {role: out / name for role, name in step.inputs.items()}
    for folder in inputs.values():
        artifact.require_whole(folder)
    model = inputs["model"] / "model" if "model" in inputs else None

    def work(folder: Path) -> dict[str, Any] | None:
        if step.kind == CORPORA:
            from towerplus.corpora.load import load

            return load(recipe.corpora, seed=recipe.seed, out=folder)
        if step.kind == "evaluate":
            from towerplus.evaluate.run import run as evaluate

            return evaluate(
                recipe.evaluate,
                data=inputs["data"],
                model=model,
                out=folder,
                seed=recipe.seed,
                store=out / "answers.db",
            )
        stage = recipe.stage(step.name)
        arguments: dict[str, Any] = {"settings": stage.settings, "data": inputs["data"], "model": model, "out": folder}
        if stage.kind == "synthesize":
            arguments["store"] = out / "answers.db"
        counts = KINDS[stage.kind].run(**arguments, seed=recipe.seed)
        if stage.makes == "data":
            _complete(folder, inputs["data"])
        return counts

    digests = {role: (artifact.manifest(folder) or {}).get("digest") for role, folder in inputs.items()}
    facts = {"kind": step.kind, "inputs": step.inputs, "input_digests": digests}
    facts |= {"settings": step.settings, "seed": recipe.seed}
    return artifact.make(out / step.folder, step.digest, facts, work)


def _complete(folder: Path, source: Path) -> None:
    """A data folder is a complete data set: what a stage did not write is linked from the folder it read."""
    for item in source.iterdir():
        if item.suffix in {".parquet", ".json"} and item.name not in OWN:
            target = folder / item.name
            if not target.exists():
                try:
                    os.link(item, target)
                except OSError:
                    shutil.copyfile(item, target)


def _needs_model(stage: Stage) -> bool:
    if stage.kind == "synthesize":
        return stage.settings.make == "preferences"  # type: ignore[attr-defined]
    return stage.after is not None and stage.makes == "model"


def _tasks_of(recipe: Recipe, stage: Stage) -> str:
    """The data folder whose tasks evaluate a model: the first one that all stages share, so that all models are
    asked the same; preferences made from a model come later and hold the same tasks."""
    last = CORPORA
    for item in recipe.stages:
        if item.makes == "data" and not _needs_model(item):
            last = item.name
        if item.name == stage.name:
            break
    return last


def _has_tasks(recipe: Recipe, data: str) -> bool:
    """Whether the data folder called `data` holds tasks: the toy world brings them, a synthesize stage makes them."""
    if recipe.corpora.toy is not None:
        return True
    names = [stage.name for stage in recipe.stages]
    before = recipe.stages[: names.index(data) + 1] if data in names else ()
    return any(s.kind == "synthesize" and not _needs_model(s) for s in before)


def _checkpoint(stage: Stage) -> dict[str, tuple[int, int]]:
    """Size and time of each file of the local model that a `base` stage takes over: it may change in its place, and
    to read all of a large one would take minutes."""
    place = getattr(getattr(stage.settings, "model", None), "checkpoint", None)
    if not place or not Path(place).is_dir():
        return {}
    found = {item.name: item.stat() for item in sorted(Path(place).iterdir()) if item.is_file()}
    return {name: (fact.st_size, fact.st_mtime_ns) for name, fact in found.items()}


def _trained_kinds(out: Path, models: list[Step]) -> list[str]:
    """The task kinds that GRPO was rewarded for, translation aside: a benchmark of their own."""
    kinds: set[str] = set()
    for step in models:
        if step.kind == "grpo":
            kinds |= set((artifact.manifest(out / step.folder) or {}).get("counts", {}).get("kinds", []))
    return sorted(kinds)


def _main_line(recipe: Recipe, models: list[Step]) -> list[Step]:
    """The chain of models that ends in the last stage which is not a control."""
    by_name = {s.name: s for s in models}
    main = [s for s in models if not s.name.endswith("-control")] or models
    chain, step = [], main[-1]
    while True:
        chain.append(step)
        parent = step.inputs.get("model")
        if parent not in by_name:
            return chain[::-1]
        step = by_name[parent]


def _settle(pending: list[tuple[Step, Future[dict[str, Any]]]], listen: Listener, wait: bool) -> None:
    for item in list(pending):
        step, future = item
        if wait or future.done():
            listen("finished", step, future.result())
            pending.remove(item)


def _replace_tree(source: Path, target: Path) -> None:
    aside = target.with_name(f".{target.name}.tmp")
    shutil.rmtree(aside, ignore_errors=True)
    try:
        shutil.copytree(source, aside)
        shutil.rmtree(target, ignore_errors=True)
        aside.rename(target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


@contextmanager
def _alone(out: Path) -> Iterator[None]:
    """Two runs in one folder would overwrite each other's work: the second one is told. Work that is cut off leaves a
    checkpoint to go on from, or nothing."""
    import fcntl

    with artifact.storage(out):
        file = (out / LOCK).open("w")
    with file as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise UserError("another `tower run` is at work in this folder", str(out)) from None
        try:
            yield
        finally:
            artifact.sweep(out)


@contextmanager
def _second_process(wanted: bool) -> Iterator[Callable[..., Future[dict[str, Any]]]]:
    """A process beside this one for evaluations; with a single core the work is done here, at once."""
    if not wanted or (os.cpu_count() or 1) < 2:
        yield _at_once
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context, initializer=_leave_with, initargs=(os.getpid(),)) as pool:
        # started here and now, under another main module: it would run the caller's script again
        main, sys.modules["__main__"] = sys.modules["__main__"], ModuleType("__main__")
        try:
            pool.submit(os.getpid)
        finally:
            sys.modules["__main__"] = main
        try:
            yield pool.submit
        except BaseException as error:
            for process in list((pool._processes or {}).values()):
                process.terminate()
            pool.shutdown(wait=False, cancel_futures=True)
            if isinstance(error, BrokenProcessPool):
                raise UserError("the process that asks the models died; is memory short? Try again to go on") from None
            raise


def _at_once(function: Callable[..., dict[str, Any]], *arguments: Any) -> Future[dict[str, Any]]:
    future: Future[dict[str, Any]] = Future()
    future.set_result(function(*arguments))
    return future


def _leave_with(parent: int) -> None:
    """A killed parent takes this process along: nobody would read its results. Ctrl-C is the parent's to handle."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
