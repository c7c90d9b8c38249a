"""`tower score gsm8k` and `tower score math`: files in, counts out."""

from __future__ import annotations

import json

import pytest

from towerplus.errors import UserError
from towerplus.evaluate.benchmarks import gsm8k, maths
from towerplus.verify.maths import symbolic


def write(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.mark.parametrize(
    ("model", "correct"),
    [("6b_finetuning", 286), ("6b_verification", 515), ("175b_finetuning", 458), ("175b_verification", 742)],
)
def test_gsm8k_published_counts(data, tmp_path, model, correct):
    lines = (data / "gsm8k/example_model_solutions.jsonl").read_text().splitlines()
    rows = [json.loads(line) for line in lines]
    answers = write(tmp_path / "a", ({"question": r["question"], "response": r[model]["solution"]} for r in rows))
    scores = gsm8k.score_files(data / "gsm8k/test.jsonl", answers)
    assert (scores.figures["correct"], scores.figures["n"]) == (correct, 1319)
    assert [row["passed"] for row in scores.verdicts] == [
        {r["question"]: r[model]["is_correct"] for r in rows}[row["question"]] for row in scores.verdicts
    ]


PROBLEMS = [
    {"question": "1 + 1?", "answer": "1 + 1 = 2\n#### 2"},
    {"question": "2 + 2?", "answer": "#### 4"},
    {"question": "500 + 500?", "answer": "#### 1,000"},
]


def test_gsm8k_by_order_and_missing(tmp_path):
    data = write(tmp_path / "d", PROBLEMS)
    answers = write(tmp_path / "a", [{"response": "#### 2"}, {"response": "4"}])
    with pytest.raises(UserError, match="--allow-missing"):
        gsm8k.score_files(data, answers)
    scores = gsm8k.score_files(data, answers, allow_missing=True)
    assert scores.figures["correct"] == 1
    assert scores.figures["missing"] == 1
    assert [row["reason"] for row in scores.verdicts] == ["", "marks no final answer", "no answer"]
    assert scores.notes
    assert scores.table[1][:3] == ("gsm8k", "1", "3")
    everything = write(tmp_path / "a", [{"question": row["question"], "response": row["answer"]} for row in PROBLEMS])
    assert gsm8k.score_files(data, everything).figures["accuracy"] == 1


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"question": "x", "answer": "#### x"}, "NUMBER"),
        ({"answer": "#### 1"}, "question"),
        ({"question": "x"}, "answer"),
    ],
)
def test_bad_problems_are_user_errors(tmp_path, row, message):
    answers = write(tmp_path / "a", [{"response": "#### 1"}])
    with pytest.raises(UserError, match=message) as error:
        gsm8k.score_files(write(tmp_path / "d", [row]), answers)
    assert error.value.where.endswith("d:1")


def test_empty_files_are_user_errors(tmp_path):
    empty, answers = write(tmp_path / "d", []), write(tmp_path / "a", [{"response": "#### 1"}])
    with pytest.raises(UserError, match="no questions"):
        gsm8k.score_files(empty, answers)
    with pytest.raises(UserError, match="by their order"):
        gsm8k.score_files(write(tmp_path / "d", PROBLEMS[:1]), write(tmp_path / "b", [{"response": "1"}] * 2))


@pytest.mark.skipif(bool(symbolic.unavailable()), reason=symbolic.unavailable())
def test_math(tmp_path):
    problems = [
        {"problem": "Half?", "solution": "First $\\boxed{3}$, no: $\\boxed{\\frac{1}{2}}$.", "type": "Prealgebra"},
        {"problem": "Roots?", "answer": "-1, 1", "subject": "Algebra"},
        {"problem": "Expand.", "answer": "x^2+2x+1", "subject": "Algebra"},
    ]
    responses = ["It is $0.5$.", "\\boxed{1, -1}", "$(x+2)^2$"]
    rows = [{"problem": p["problem"], "response": r} for p, r in zip(problems, responses, strict=True)]
    scores = maths.score_files(write(tmp_path / "d", problems), write(tmp_path / "a", rows))
    assert [row["passed"] for row in scores.verdicts] == [True, True, False]
    assert scores.figures["by_kind"]["math/Algebra"]["correct"] == 1
    with pytest.raises(UserError, match="boxed"):
        maths.score_files(write(tmp_path / "d", [{"problem": "x", "solution": "none"}]), tmp_path / "a")
