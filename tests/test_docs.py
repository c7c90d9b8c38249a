"""What README and docs show: code that runs, links that lead somewhere, commands and recipes that are valid."""

from __future__ import annotations

import io
import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.e2e.kill import MICRO
from towerplus import recipe

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: Path, language: str) -> list[tuple[int, str]]:
    """The fenced blocks of a language, each with the number of its first line."""
    text = page.read_text(encoding="utf-8")
    found = [item for item in FENCE.finditer(text) if item[1] == language]
    return [(text[: item.start(2)].count("\n") + 1, item[2]) for item in found]


def test_the_python_page_runs_as_it_stands(micro: Path, tmp_path: Path, monkeypatch, capsys) -> None:
    """Every block, in order, in one session; `tiny` is the micro recipe here, and `make demo` its run."""
    page = ROOT / "docs/python.md"
    monkeypatch.chdir(tmp_path)
    for name in ("tiny", "mine"):
        shutil.copytree(micro, tmp_path / "runs" / name)
    monkeypatch.setattr(recipe, "source", {"tiny": MICRO.read_text(encoding="utf-8")}.__getitem__)
    monkeypatch.setattr(sys, "stdin", io.StringIO("The cat sleeps.\n\nThe dog sees the cat.\n"))
    session: dict[str, object] = {"__name__": "__main__"}
    printed = []
    for line, code in blocks(page, "python"):
        exec(compile("\n" * (line - 1) + code, str(page), "exec"), session)
        printed.append(capsys.readouterr().out)
        assert ("print(" in code) == bool(printed[-1]), f"{page}:{line} prints {printed[-1]!r}"
    assert len(printed) >= 7
    assert printed[1].count("\n") == 3, "three lines in, three lines out"
    assert {stage for stage, _ in eval(printed[2])} == {"base", "cpt", "sft", "wpo", "grpo"}
    assert "passed=True" in printed[4]
    assert len(eval(printed[5])) == 3
    assert (tmp_path / "answers.db").is_file()


def prose(page: Path) -> str:
    """The page without its code: fenced, indented and between back quotes."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    return re.sub(r"`[^`\n]*`", "", re.sub(r"^    .*$", "", text, flags=re.MULTILINE))


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    titles = re.findall(r"^#+ +(.+?) *$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)[^)]*\)", prose(page)):
        if re.match(r"[a-z]+:", target):
            assert target.startswith("https://"), f"{page.name}: {target}"
            continue
        name, _, anchor = target.partition("#")
        place = (page.parent / name).resolve() if name else page
        assert place.exists(), f"{page.name}: no {target}"
        assert place.is_relative_to(ROOT), f"{page.name}: {target} leads out of the repository"
        assert not anchor or anchor in anchors(place), f"{page.name}: no heading for {target}"


def test_every_page_of_docs_is_reached_from_the_readme() -> None:
    linked = set(re.findall(r"\]\((docs/[\w-]+\.md)\)", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert {f"docs/{page.name}" for page in (ROOT / "docs").glob("*.md")} == linked


def commands(page: Path) -> Iterator[tuple[list[str], bool]]:
    """The words after `tower` of every command that the page shows, and whether it is whole: a line of code, and not
    words between back quotes in a sentence, which may leave out what does not matter there."""
    text = page.read_text(encoding="utf-8").replace("\\\n", " ")
    code = "\n".join(item[2] for item in FENCE.finditer(text) if not item[1])
    code += "\n".join(re.findall(r"^    (.*)$", FENCE.sub("", text), re.MULTILINE))
    shown = [(found, True) for found in re.findall(r"^(?:\$ |.*\| )?tower (.*)$", code, re.MULTILINE)]
    shown += [(found, False) for found in re.findall(r"`tower ([^`]*)`", FENCE.sub("", text))]
    for line, whole in shown:
        words = shlex.split(re.split(r" [|>#] ?| && ", line)[0], comments=True)
        yield words, whole


SHOWN = [
    pytest.param(words, whole, id=f"{page.name}: {' '.join(words)[:60]}")
    for page in PAGES
    for words, whole in commands(page)
]


def test_the_pages_show_commands() -> None:
    verbs = {param.values[0][0] for param in SHOWN}
    assert {"run", "plan", "report", "init", "schema", "translate", "doctor"} <= verbs


@pytest.mark.parametrize(("words", "whole"), SHOWN)
def test_commands_are_valid(words: list[str], whole: bool) -> None:
    from typer.main import get_command

    from towerplus.cli.app import app

    verbs = get_command(app).commands  # type: ignore[attr-defined]
    verb, *arguments = words
    if verb in {"--help", "--version"}:
        return
    assert verb in verbs
    options = {name for item in verbs[verb].params for name in item.opts}
    assert {word.partition("=")[0] for word in arguments if word.startswith("--")} <= options
    if whole:
        given = verbs[verb].make_context(verb, arguments).params
        if verb in {"run", "plan"} and given["recipe"] in recipe.names():
            recipe.load(given["recipe"], given["overrides"], given["seed"])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_recipes_are_valid(page: Path) -> None:
    for line, text in blocks(page, "yaml"):
        tree = yaml.safe_load(text)
        if "name" in tree:
            recipe.parse(tree, f"{page.name}:{line}")
            continue
        kinds = {value.get("kind", name): value for name, value in tree.items()}
        assert set(kinds) <= set(recipe.KINDS), f"{page.name}:{line}"
        before = {"base": {"learning_rate": 1.0}, "cpt": {"tokens": 1, "learning_rate": 1.0}}
        before |= {"sft": {"tokens": 1, "learning_rate": 1.0}}
        recipe.parse({"name": "x", "stages": before | tree}, f"{page.name}:{line}")
