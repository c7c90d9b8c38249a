"""`tower score`: figures, verdicts and every way in which its files can be wrong."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from towerplus.records import Check, Message, Task, write

CAT = {"key": 1, "prompt": "A cat?", "instruction_id_list": ["punctuation:no_comma"], "kwargs": [{}]}
DOG = {
    "key": 2,
    "prompt": "A dog?",
    "instruction_id_list": ["keywords:existence", "length_constraints:number_words"],
    "kwargs": [
        # as copies of the benchmark store it
        {"keywords": ["dog"], "num_words": None},
        {"num_words": 3.0, "relation": "at least"},
    ],
}
ANSWERS = [{"prompt": "A cat?", "response": "Yes,\na cat"}, {"prompt": "A dog?", "response": "A dog, 4 dogs"}]
TASKS = [
    Task((Message("user", "A cat?"),), "constraint/a", (Check("instruction.format.no_commas"),)),
    Task(
        (Message("user", "A dog?"),),
        "constraint/b",
        (Check("keywords:existence", {"keywords": ["dog"]}), Check("instruction.length.words", {"count": 2})),
    ),
]


def lines(path: Path, rows: list) -> Path:
    path.write_text("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows), "utf-8")
    return path


def row(task: Task) -> dict:
    """A task as people write it: the arguments of its checks are objects."""
    return {
        "messages": [{"role": m.role, "content": m.content} for m in task.messages],
        "kind": task.kind,
        "checks": [{"kind": c.kind, "arguments": c.arguments} for c in task.checks],
    }


@pytest.fixture
def ask(tower, tmp_path: Path):
    """`tower score BENCHMARK` on rows for the two files."""

    def run(benchmark: str, data: list, answers: list, *options: str):
        places = lines(tmp_path / "data.jsonl", data), lines(tmp_path / "answers.jsonl", answers)
        return tower("score", benchmark, "--data", places[0], "--answers", places[1], *options)

    return run


def test_ifeval_figures(ask, tmp_path: Path) -> None:
    said = ask("ifeval", [CAT, DOG], ANSWERS, "--json", "--verdicts", str(tmp_path / "v.jsonl"))
    assert (said.code, said.err) == (0, "")
    figures = json.loads(said.out)
    names = ["prompt_level_strict_acc", "inst_level_strict_acc", "prompt_level_loose_acc", "inst_level_loose_acc"]
    assert [figures[name] for name in names] == [0.5, 2 / 3, 1.0, 1.0]
    assert figures["mean"] == pytest.approx((0.5 + 2 / 3 + 1 + 1) / 4)
    assert list(figures["correct"].values()) == [1, 2, 2, 3]
    assert (figures["prompts"], figures["instructions"], figures["missing"]) == (2, 3, 0)
    assert figures["by_instruction"]["punctuation:no_comma"] == {"n": 1, "strict": 0, "loose": 1}
    for name, (low, high) in figures["interval"].items():
        assert 0 <= low <= figures[name] <= high <= 1
    verdicts = [json.loads(line) for line in (tmp_path / "v.jsonl").read_text().splitlines()]
    assert [(v["key"], v["strict"], v["loose"]) for v in verdicts] == [
        (1, False, True),
        (2, True, True),
        (2, True, True),
    ]
    assert verdicts[0]["reason"] == "has a comma"
    table = ask("ifeval", [CAT, DOG], ANSWERS).out
    assert "instructions, strict         2   3   66.67" in table
    by_key = [{"key": 2, "response": ANSWERS[1]["response"]}, {"key": 1, "response": ANSWERS[0]["response"]}]
    assert ask("ifeval", [CAT, DOG], by_key).out == table


def test_missing_and_unasked_answers_are_said(ask) -> None:
    other = {"prompt": "A cow?", "response": "Moo"}
    said = ask("ifeval", [CAT, DOG], [ANSWERS[0], other])
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
    assert "data.jsonl:2: without an answer in" in said.err
    assert "1 of 2 questions" in said.err
    said = ask("ifeval", [CAT, DOG], [ANSWERS[0], other], "--allow-missing", "--json")
    assert said.code == 0
    figures = json.loads(said.out)
    assert (figures["missing"], figures["instructions"], figures["correct"]["inst_level_loose_acc"]) == (1, 3, 1)
    assert "answers to no question, left out: 1" in said.err
    assert "1 of 2 questions, counted as failed" in said.err
    assert "do the files belong together?" in ask("ifeval", [CAT, DOG], [other], "--allow-missing").error


@pytest.mark.parametrize("by", ["item", "prompt", "order"])
@pytest.mark.parametrize("form", ["data.jsonl", "data.jsonl.gz", "data.parquet"])
def test_tasks(tower, tmp_path: Path, by: str, form: str) -> None:
    from towerplus.evaluate.benchmarks.tasks import item

    data = tmp_path / form
    if form == "data.parquet":
        write(data, Task, TASKS)
    else:
        text = "".join(json.dumps(row(task)) + "\n" for task in TASKS).encode()
        data.write_bytes(gzip.compress(text) if form.endswith("gz") else text)
    name = {"item": item, "prompt": lambda task: task.messages[-1].content, "order": None}[by]
    responses = zip(TASKS, ["A cat", "A dog, too"], strict=True)
    rows = [{**({by: name(task)} if name else {}), "response": response} for task, response in responses]
    answers = lines(tmp_path / "answers.jsonl", rows if by == "order" else rows[::-1])
    said = tower("score", "tasks", "--data", data, "--answers", answers, "--json", "--verdicts", tmp_path / "v.jsonl")
    assert (said.code, said.err) == (0, "")
    figures = json.loads(said.out)
    assert [figures["tasks"][k] for k in ("passed", "n", "accuracy")] == [1, 2, 0.5]
    assert [figures["checks"][k] for k in ("passed", "n")] == [2, 3]
    assert figures["by_check"]["instruction.length.words"]["passed"] == 0
    assert figures["by_task"]["constraint/a"]["passed"] == 1
    verdicts = [json.loads(line) for line in (tmp_path / "v.jsonl").read_text().splitlines()]
    assert [v["passed"] for v in verdicts] == [True, True, False]
    assert verdicts[2]["reason"] == "3 words, not exactly 2"
    assert "constraint/b" in tower("score", "tasks", "--data", data, "--answers", answers).out


def without(*names: str, **values: object) -> dict:
    return {key: value for key, value in (CAT | values).items() if key not in names}


#: benchmark, questions, answers, what the one line says
BAD = [
    ("ifevil", [CAT], ANSWERS, "unknown benchmark 'ifevil'; known: ifeval, tasks"),
    ("ifeval", [CAT, "{"], ANSWERS, "data.jsonl:2: not JSON: "),
    ("ifeval", [CAT, "[1]"], ANSWERS, "data.jsonl:2: not a JSON object"),
    ("ifeval", [CAT, "[" * 100_000], ANSWERS, "data.jsonl:2: not JSON that can be read"),
    ("ifeval", [], ANSWERS, "data.jsonl: no prompts in it"),
    ("ifeval", [CAT, CAT], ANSWERS, "data.jsonl:2: key 1 is there twice"),
    ("ifeval", [without("key")], ANSWERS, "data.jsonl:1: no 'key'"),
    ("ifeval", [without("prompt")], ANSWERS, "data.jsonl:1: no 'prompt'"),
    ("ifeval", [without(prompt=3)], ANSWERS, "data.jsonl:1: 'prompt' is int, not text"),
    ("ifeval", [without("instruction_id_list")], ANSWERS, "data.jsonl:1: no 'instruction_id_list'"),
    ("ifeval", [without(kwargs=[])], ANSWERS, "data.jsonl:1: 'kwargs' does not have one entry"),
    ("ifeval", [without(kwargs=[3])], ANSWERS, "the arguments of punctuation:no_comma are int"),
    ("ifeval", [without(instruction_id_list=["punctuation:no_coma"])], ANSWERS, "did you mean 'punctuation:no_"),
    ("ifeval", [without(instruction_id_list=["keywords:existence"])], ANSWERS, "data.jsonl:1: an instruction needs"),
    ("ifeval", [CAT], [], "answers.jsonl: no answers in it"),
    ("ifeval", [CAT], [{"response": "a"}], "answers need 'prompt' or 'key'"),
    ("ifeval", [CAT], [{"prompt": "A cat?"}], "answers.jsonl:1: no 'response'"),
    ("ifeval", [CAT], [{"prompt": "A cat?", "response": None}], "answers.jsonl:1: 'response' is NoneType, not text"),
    ("ifeval", [CAT], [ANSWERS[0], {"response": "a"}], "answers.jsonl:2: no 'prompt', which the first line has"),
    ("ifeval", [CAT], [{"prompt": [], "response": "a"}], "answers.jsonl:1: 'prompt' is list"),
    ("ifeval", [CAT], [ANSWERS[0], ANSWERS[0] | {"response": "b"}], "answers.jsonl:2: a second answer for prompt"),
    ("tasks", [CAT], ANSWERS, "data.jsonl:1: unknown column"),
    ("tasks", [], ANSWERS, "data.jsonl: no tasks in it"),
    ("tasks", [row(TASKS[0]) | {"checks": []}], ANSWERS, "data.jsonl:1: a task without checks"),
    ("tasks", [row(TASKS[0]) | {"messages": []}], ANSWERS, "data.jsonl:1: a task without messages"),
    ("tasks", [row(TASKS[0]) | {"messages": [{"role": "user"}]}], ANSWERS, "data.jsonl:1: not a task: a message"),
    ("tasks", [row(TASKS[0]) | {"messages": 3}], ANSWERS, "data.jsonl:1: not a task"),
    ("tasks", [row(TASKS[0]) | {"checks": 3}], ANSWERS, "data.jsonl:1: not a task"),
    ("tasks", [row(TASKS[0]) | {"checks": [{"kind": "a", "arguments": "[1]"}]}], ANSWERS, "jsonl:1: the arguments"),
    ("tasks", [row(TASKS[0]) | {"checks": [{"kind": "answer.exat"}]}], ANSWERS, "did you mean 'answer.exact'?"),
    ("tasks", [row(TASKS[0])], [{"response": "a"}] * 2, "2 answers by their order, but 1 tasks"),
]  # fmt: skip


@pytest.mark.parametrize(("benchmark", "data", "answers", "expected"), BAD)
def test_bad_input_is_one_line(ask, benchmark: str, data: list, answers: list, expected: str) -> None:
    said = ask(benchmark, data, answers)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("error: ")
    assert said.err.count("\n") == 1
    assert expected in said.err


def test_tasks_with_one_prompt_and_other_turns(ask) -> None:
    system = row(TASKS[0]) | {"messages": [{"role": "system", "content": "Be brief."}, *row(TASKS[0])["messages"]]}
    answers = [{"prompt": "A cat?", "response": "Yes"}]
    assert "let answers go by 'item'" in ask("tasks", [row(TASKS[0]), system], answers).error
    assert ask("tasks", [row(TASKS[0])] * 2, answers, "--json").code == 0


def test_the_task_that_the_page_shows(ask) -> None:
    page = (Path(__file__).parents[2] / "docs" / "score.md").read_text(encoding="utf-8")
    (shown,) = (line for line in page.splitlines() if line.startswith('{"kind"'))
    good, long, foreign = (
        "猫は寝ています。年を取っています。",
        "猫です。寝ます。年です。",
        "The cat is asleep. She is old.",
    )
    for response, passed in ((good, 2), (long, 1), (foreign, 1)):
        assert json.loads(ask("tasks", [shown], [{"response": response}], "--json").out)["checks"]["passed"] == passed


def test_files_that_are_not_there(tower, tmp_path: Path) -> None:
    data = lines(tmp_path / "data.jsonl", [CAT])
    assert "no such file" in tower("score", "ifeval", "--data", tmp_path / "x", "--answers", data).error
    assert "no such file" in tower("score", "ifeval", "--data", data, "--answers", tmp_path / "x").error
    answers = lines(tmp_path / "answers.jsonl", ANSWERS)
    said = tower("score", "ifeval", "--data", data, "--answers", answers, "--verdicts", tmp_path / "no" / "v.jsonl")
    assert (said.code, said.out) == (2, "")


@pytest.mark.data
def test_the_published_files_as_they_are(tower, data: Path) -> None:
    folder = data / "ifeval"
    answers = folder / "input_response_data_gpt4_20231107_145030.jsonl"
    said = tower("score", "ifeval", "--data", folder / "input_data_20231107.jsonl", "--answers", answers, "--json")
    assert (said.code, said.err) == (0, "")
    figures = json.loads(said.out)
    assert (figures["prompts"], figures["instructions"]) == (541, 834)
    assert list(figures["correct"].values()) == [417, 698, 431, 714]
    assert figures["mean"] == pytest.approx((417 / 541 + 698 / 834 + 431 / 541 + 714 / 834) / 4)
    # the current prompts: one was edited after the answers were given
    current = tower("score", "ifeval", "--data", folder / "input_data.jsonl", "--answers", answers)
    assert current.code == 2
    assert "input_data.jsonl:340: without an answer" in current.err


def test_scoring_ifeval_leaves_torch_alone(tmp_path: Path) -> None:
    data, answers = lines(tmp_path / "d.jsonl", [CAT]), lines(tmp_path / "a.jsonl", ANSWERS)
    code = (
        "import sys; from towerplus.cli import main\n"
        f"try: main(['score', 'ifeval', '--data', {str(data)!r}, '--answers', {str(answers)!r}])\n"
        "except SystemExit as stop: assert not stop.code\n"
        "heavy = {'torch', 'transformers', 'numba'} & set(sys.modules); assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=dict(os.environ))
    assert done.returncode == 0, done.stderr
