"""The report of a made-up run: what it says, that it stands alone, and its parts on their own."""

import json
import re
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.report.synthetic import STAGES, make_run
from towerplus.errors import UserError
from towerplus.report.diff import compare
from towerplus.report.examples import GROUPS, choose
from towerplus.report.page import render
from towerplus.report.run import families, load
from towerplus.report.svg import Box, Scale, number, place_labels, tag

VOID = {"meta", "input", "br", "link", "img"}


class Page(HTMLParser):
    """Checks that tags nest, and collects text and links."""

    def __init__(self, html):
        super().__init__()
        self.open, self.said, self.tags, self.outside = [], [], [], []
        self.feed(html)
        assert not self.open, self.open
        self.text = re.sub(r"\s+", " ", " ".join(self.said))

    def handle_starttag(self, name, attributes):
        self.tags.append(name)
        self.outside += [v for k, v in attributes if k in ("src", "href", "xlink:href")]
        if name not in VOID:
            self.open.append(name)

    def handle_startendtag(self, name, attributes):
        self.tags.append(name)

    def handle_endtag(self, name):
        assert self.open.pop() == name

    def handle_data(self, words):
        if not {"style", "script"} & set(self.open):
            self.said.append(words)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return make_run(tmp_path_factory.mktemp("run"))


@pytest.fixture(scope="module")
def page(run):
    return Page(render(run).read_text(encoding="utf-8"))


def test_the_page_stands_alone(page, run):
    assert page.outside == []
    assert "script" not in page.tags
    html = (run / "report.html").read_text(encoding="utf-8")
    assert "url(" not in html
    assert "http" not in html
    assert not list(run.glob("*.tmp"))


def test_it_shows_every_figure_of_the_scores(page, run):
    rows = json.loads((run / "scores.json").read_text())["rows"]
    shown = {"accepted": 100, "chrF": 1, "BLEU": 1, "adherence": 100, "quality": 1, "formal": 100, "pass": 100}
    best = [r for r in rows if r["prompt_form"] == "best" and not r["kind"] and r["metric"] in shown]
    best = [r for r in best if not r["target_locale"] or r["metric"] == "chrF"]
    assert len(best) > 50
    for row in best:
        assert f"{row['value'] * shown[row['metric']]:.1f}" in page.text, row
    for row in rows:
        if row["benchmark"] == "frontier" and row["metric"] == "probability" and row["value"] >= 0.005:
            assert f"P {row['value']:.2f}" in page.text
    for row in best:
        assert row["signature"] in page.text
    assert "n = 60" in page.text


def test_it_tells_what_ran(page):
    for words in (*STAGES, "102,400", "61.3", "2 cores", "torch 2.13.0", "base: {tokens: 170000}", "reward", "margin"):
        assert words in page.text


def test_answers_are_escaped(page, run):
    html = (run / "report.html").read_text(encoding="utf-8")
    assert "not <sorted> & done" in page.text
    assert "<sorted>" not in html


def test_the_frontier_is_a_picture_of_its_own(run, page):
    root = ElementTree.parse(run / "frontier.svg").getroot()
    names = {"".join(e.itertext()) for e in root.iter("{http://www.w3.org/2000/svg}tspan")}
    assert set(STAGES) <= names
    circles = list(root.iter("{http://www.w3.org/2000/svg}circle"))
    assert len(circles) >= len(STAGES)
    for circle in circles:
        assert 0 < float(circle.get("cx")) < float(root.get("width"))
        assert 0 < float(circle.get("cy")) < float(root.get("height"))


def test_the_same_run_gives_the_same_page(run):
    first = render(run).read_bytes()
    assert render(run).read_bytes() == first


def test_examples_show_what_changed(run):
    loaded = load(run)
    examples = choose(loaded)
    assert len(examples) == 10
    for example in examples:
        assert [a.stage for a in example.answers] == list(STAGES)
        main = [a.passed for a in example.answers if not a.stage.endswith("-control")]
        expected = ("always" if all(main) else "learned") if main[-1] else ("lost" if any(main) else "never")
        assert example.group == expected
        for answer in example.answers:
            assert bool(answer.reason) == (not answer.passed)
    assert {e.group for e in examples} == set(GROUPS)
    assert len({e.kind.split("/")[0] for e in examples}) == 5
    # base did better in plain form, the final stage in chat
    forms = {a.stage: a.form for e in examples if e.kind.startswith("general") for a in e.answers}
    assert forms["grpo"] == "chat"


def test_one_stage_and_no_logs_are_enough(tmp_path):
    make_run(tmp_path, {"base": None}, items=10)
    (tmp_path / "base" / "log.jsonl").unlink()
    (tmp_path / "base" / "manifest.json").unlink()
    (tmp_path / "recipe.yaml").unlink()
    said = Page(render(tmp_path).read_text(encoding="utf-8")).text
    assert tmp_path.name in said
    assert "Training" not in said


def test_without_general_tasks_there_is_no_frontier(tmp_path):
    make_run(tmp_path, {"base": None}, items=10)
    rows = json.loads((tmp_path / "scores.json").read_text())["rows"]
    (tmp_path / "scores.json").write_text(json.dumps({"rows": [r for r in rows if r["benchmark"] != "frontier"]}))
    (tmp_path / "frontier.svg").write_text("of an earlier run")
    assert "No frontier" in Page(render(tmp_path).read_text(encoding="utf-8")).text
    assert not (tmp_path / "frontier.svg").exists()


def test_bad_input(tmp_path):
    with pytest.raises(UserError, match=r"scores\.json: no such file"):
        render(tmp_path)
    (tmp_path / "scores.json").write_text('{"rows": 3}')
    with pytest.raises(UserError, match="holds no scores"):
        render(tmp_path)
    (tmp_path / "scores.json").unlink()
    make_run(tmp_path, {"base": None}, items=10)
    with (tmp_path / "base" / "log.jsonl").open("a") as log:
        log.write('{"step": 4')
    with pytest.raises(UserError, match=r"log\.jsonl:401: not a line of JSON"):
        render(tmp_path)
    (tmp_path / "base" / "log.jsonl").unlink()
    (tmp_path / "items.parquet").write_text("PAR")
    with pytest.raises(UserError, match="not a Parquet file"):
        render(tmp_path)


@given(st.text("ab ,日本.", max_size=30), st.text("ab ,日本.", max_size=30))
def test_a_comparison_holds_both_texts(reference, answer):
    pieces = list(compare(reference, answer))
    assert "".join(text for kind, text in pieces if kind != "added") == reference
    assert "".join(text for kind, text in pieces if kind != "missing") == answer
    if reference == answer:
        assert {kind for kind, _ in pieces} <= {"same"}


def test_a_comparison_is_by_words():
    assert list(compare("Das Haus ist rot.", "Das Auto ist rot.")) == [
        ("same", "Das "),
        ("missing", "Haus"),
        ("added", "Auto"),
        ("same", " ist rot."),
    ]


def test_families_of_a_log():
    log = [
        {"step": 1, "reward": 0.5, "reward/sort": 0.1, "loss": 2.0, "grad_norm": 1.0},
        {"step": 2, "kl": float("nan")},
    ]
    found = families(log)
    assert list(found) == ["loss", "reward"]
    assert found["reward"] == {"reward": ([1], [0.5]), "reward/sort": ([1], [0.1])}


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6))
def test_ticks_are_round_and_within_the_scale(low, span):
    scale = Scale(low, low + span, 0, 100)
    ticks = scale.ticks(5)
    assert 1 <= len(ticks) <= 7
    slack = 1e-6 * (abs(low) + span)
    assert all(low - slack <= tick <= low + span + slack for tick in ticks)
    assert scale(low) == 0
    assert scale(low + span) == pytest.approx(100, abs=1e-6 * (1 + abs(low) / span))


def test_numbers_and_tags():
    assert [number(v) for v in (0, 0.25, -3, 12000, 1e6, 2e-5)] == ["0", "0.25", "−3", "12,000", "1e6", "2e-5"]
    assert (
        tag("text", "a", class_='x"<', text_anchor="end", dx=None)
        == '<text class="x&quot;&lt;" text-anchor="end">a</text>'
    )


@given(st.lists(st.tuples(st.floats(50, 350), st.floats(50, 250)), min_size=1, max_size=5, unique=True))
def test_labels_keep_apart_and_inside(anchors):
    frame = Box(0, 0, 400, 300)
    boxes = place_labels(anchors, [(40, 14)] * len(anchors), [], frame)
    for i, box in enumerate(boxes):
        assert box.overlap(frame) == pytest.approx(40 * 14)
        assert all(box.overlap(other) < 1e-6 for other in boxes[:i])
