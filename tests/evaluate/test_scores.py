"""The rows of scores.json against figures computed another way."""

import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sacrebleu.metrics import BLEU as SacreBLEU
from sacrebleu.metrics import CHRF as SacreCHRF

from towerplus.errors import UserError
from towerplus.evaluate.scores import COLUMNS, read_scores, scores, select, write_scores
from towerplus.evaluate.statistics import mean, mean_statistics, paired, wilson
from towerplus.metrics import metric

STAGES = ["base", "cpt", "sft"]
WORDS = ["the", "cat", "dog", "sees", "house", "a", "red", "old", "sleeps", "and", "runs", "in", "green", "garden"]
#: share of words kept: the stages get better, chat only helps sft
KEPT = {
    ("base", "plain"): 0.4,
    ("base", "chat"): 0.3,
    ("cpt", "plain"): 0.7,
    ("cpt", "chat"): 0.5,
    ("sft", "plain"): 0.6,
    ("sft", "chat"): 0.9,
}


def make_items():
    rows = []
    references = {}
    for (stage, form), kept in KEPT.items():
        rng = np.random.default_rng(sum(map(ord, stage + form)))
        common = {"stage": stage, "prompt_form": form, "verdicts": "[]", "chrf": None, "bleu": None, "values": "{}"}
        for i in range(60):
            locale = ["de", "fr", "zh-Hans"][i % 3]
            words = references.setdefault(i, [WORDS[k] for k in np.random.default_rng(i).integers(0, len(WORDS), 8)])
            answer = " ".join(w if rng.random() < kept else "x" for w in words)
            place = {"item": f"t{i}", "cluster": f"s{i // 3}", "source_locale": "en-US", "target_locale": locale}
            text = {"response": answer, "reference": " ".join(words), "passed": bool(rng.random() < kept), "score": 0.0}
            counts = {
                name: metric(name, locale).statistics([answer], [" ".join(words)])[0].tolist()
                for name in ("chrf", "bleu")
            }
            rows.append(common | place | text | counts | {"benchmark": "translation", "kind": "translation/plain"})
            if i < 20:
                values = {"values": json.dumps({"formal": int(rng.random() < kept), "same_register_chrf": 100 * kept})}
                rows.append(common | place | text | values | {"benchmark": "register", "kind": "register"})
        for i in range(40):
            place = {"item": f"g{i}", "cluster": "", "source_locale": None, "target_locale": None, "score": 0.0}
            text = {"response": "", "reference": "", "passed": i % 2 == 0 or bool(rng.random() < kept)}
            kind = "general/sort" if i % 2 else "general/count"
            rows.append(common | place | text | {"benchmark": "general", "kind": kind})
    return rows


ROWS = make_items()
TABLE = pa.Table.from_pylist(ROWS)
SCORES = scores(TABLE, STAGES, seed=3, resamples=500)


def one(**wanted):
    found = select(SCORES, **wanted)
    assert len(found) == 1, (wanted, len(found))
    return found[0]


def answers(**wanted):
    rows = [row for row in ROWS if all(row[k] == v for k, v in wanted.items())]
    return sorted(rows, key=lambda row: row["item"])


def test_rows_have_the_documented_keys_and_no_row_twice():
    assert all(tuple(row) == COLUMNS for row in SCORES)
    keys = ("stage", "benchmark", "kind", "prompt_form", "metric", "target_locale")
    names = [tuple(row[k] for k in keys) for row in SCORES]
    assert len(set(names)) == len(names)
    assert {row["status"] for row in SCORES} == {"ok"}
    assert {row["seed"] for row in SCORES} == {3}
    for row in SCORES:
        assert row["low"] is None or row["low"] <= row["value"] <= row["high"], row
    assert json.loads(json.dumps(SCORES)) == SCORES


def test_corpus_metrics_equal_sacrebleu():
    rows = answers(stage="cpt", benchmark="translation", prompt_form="plain")
    hypotheses, references = [r["response"] for r in rows], [r["reference"] for r in rows]
    row = one(stage="cpt", metric="chrF", prompt_form="plain")
    assert row["value"] == pytest.approx(SacreCHRF().corpus_score(hypotheses, [references]).score)
    assert row["n"] == 60
    german = [r for r in rows if r["target_locale"] == "de"]
    hypotheses, references = [r["response"] for r in german], [r["reference"] for r in german]
    theirs = SacreBLEU()
    row = one(stage="cpt", metric="BLEU", prompt_form="plain", target_locale="de")
    assert row["value"] == pytest.approx(theirs.corpus_score(hypotheses, [references]).score)
    assert row["source_locale"] == "en-US"
    assert row["signature"] == str(theirs.get_signature()).replace("nrefs:1|", "nrefs:1|bs:500|seed:3|")
    pooled = one(stage="cpt", metric="BLEU", prompt_form="plain")["signature"]
    assert "tok:13a" in pooled
    assert "tok:zh" in pooled


def test_deltas_are_paired_with_the_stage_before_and_clustered():
    before, after = (answers(stage=s, benchmark="translation", prompt_form="plain") for s in ("cpt", "sft"))
    expected = paired(
        *(mean_statistics([r["passed"] for r in rows]) for rows in (before, after)),
        mean,
        cluster=[r["cluster"] for r in after],
        resamples=500,
        seed=3,
    )
    row = one(stage="sft", metric="accepted", prompt_form="plain")
    assert (row["delta"], row["delta_low"], row["delta_high"]) == pytest.approx(
        (expected.value, expected.low, expected.high)
    )
    assert one(stage="base", metric="accepted", prompt_form="plain")["delta"] is None


def test_best_is_the_better_form_of_each_stage():
    base, cpt, sft = (one(stage=s, metric="chrF", prompt_form="best") for s in STAGES)
    assert cpt["value"] == one(stage="cpt", metric="chrF", prompt_form="plain")["value"]
    assert sft["value"] == one(stage="sft", metric="chrF", prompt_form="chat")["value"]
    assert sft["delta"] == pytest.approx(sft["value"] - cpt["value"])
    assert sft["delta_low"] > 0
    assert cpt["delta"] == pytest.approx(cpt["value"] - base["value"])
    # the form is chosen over the whole benchmark, not for each locale
    for locale in ("de", "fr", "zh-Hans"):
        best, chat = (
            one(stage="sft", metric="chrF", prompt_form=form, target_locale=locale) for form in ("best", "chat")
        )
        assert best["value"] == chat["value"]


def test_chat_gain():
    plain, chat = (one(stage="sft", metric="chrF", prompt_form=form) for form in ("plain", "chat"))
    gain = one(stage="sft", metric="chrF.chat_gain")
    assert gain["prompt_form"] == "chat"
    assert gain["value"] == pytest.approx(chat["value"] - plain["value"])
    assert 0 < gain["low"] < gain["value"] < gain["high"]
    earlier = one(stage="cpt", metric="chrF.chat_gain")["value"]
    assert gain["delta"] == pytest.approx(gain["value"] - earlier)


def test_shares_kinds_and_wilson():
    sort = one(stage="cpt", benchmark="general", prompt_form="plain", kind="general/sort")
    rows = answers(stage="cpt", benchmark="general", prompt_form="plain", kind="general/sort")
    assert sort["value"] == pytest.approx(np.mean([r["passed"] for r in rows]))
    assert sort["n"] == 20
    count = one(stage="cpt", benchmark="general", prompt_form="plain", kind="general/count")
    assert count["value"] == 1
    assert (count["low"], count["high"]) == pytest.approx(wilson(20, 20))
    assert one(stage="cpt", benchmark="general", prompt_form="plain")["n"] == 40


def test_register_means():
    rows = answers(stage="sft", benchmark="register", prompt_form="chat")
    row = one(stage="sft", metric="formal", prompt_form="chat")
    assert row["value"] == pytest.approx(np.mean([json.loads(r["values"])["formal"] for r in rows]))
    assert one(stage="sft", metric="same_register_chrf", prompt_form="chat")["value"] == pytest.approx(90)


def test_frontier_rows():
    found = {(r["stage"], r["metric"]): r for r in select(SCORES, benchmark="frontier")}
    assert set(found) == {(s, m) for s in STAGES for m in ("translation", "general", "probability")}
    assert found["sft", "translation"]["value"] == one(stage="sft", metric="chrF", prompt_form="best")["value"]
    assert found["sft", "general"]["value"] == one(stage="sft", benchmark="general", prompt_form="best")["value"]
    assert found["sft", "probability"]["value"] > 0.9
    assert found["base", "probability"]["value"] < 0.1


def test_parents_decide_what_a_stage_is_compared_with():
    rows = scores(TABLE, STAGES, seed=3, parents={"base": None, "cpt": "base", "sft": "base"}, resamples=100)
    values = {s: select(rows, stage=s, metric="chrF", prompt_form="plain")[0] for s in STAGES}
    assert values["sft"]["delta"] == pytest.approx(values["sft"]["value"] - values["base"]["value"])


def test_groups_of_kinds_are_benchmarks_of_their_own():
    rows = scores(TABLE, STAGES, seed=3, groups={"trained": ["general/sort"], "none": ["no/such"]}, resamples=100)
    found = select(rows, stage="cpt", benchmark="trained", prompt_form="plain")
    assert [r["value"] for r in found] == [
        one(stage="cpt", benchmark="general", prompt_form="plain", kind="general/sort")["value"]
    ]
    assert not select(rows, benchmark="none")


def test_the_seed_decides_the_resamples_and_nothing_else():
    again = scores(TABLE, STAGES, seed=3, resamples=500)
    assert again == SCORES
    shuffled = TABLE.take(np.random.default_rng(0).permutation(TABLE.num_rows))
    assert sorted(map(str, scores(shuffled, STAGES, seed=3, resamples=500))) == sorted(map(str, SCORES))
    other = scores(TABLE, STAGES, seed=4, resamples=500)
    assert [r["value"] for r in other if r["benchmark"] != "frontier"] == [
        r["value"] for r in SCORES if r["benchmark"] != "frontier"
    ]
    assert [r["low"] for r in other] != [r["low"] for r in SCORES]


def test_stages_are_paired_on_the_items_that_both_answered():
    few = pa.Table.from_pylist([r for r in ROWS if not (r["stage"] == "sft" and r["item"] in ("t0", "t1", "t2"))])
    rows = scores(few, STAGES, seed=3, resamples=100)
    row = select(rows, stage="sft", metric="accepted", prompt_form="plain")[0]
    assert row["n"] == 57
    kept = {r["item"] for r in ROWS if r["benchmark"] == "translation"} - {"t0", "t1", "t2"}
    before, after = (
        np.mean(
            [r["passed"] for r in answers(stage=s, benchmark="translation", prompt_form="plain") if r["item"] in kept]
        )
        for s in ("cpt", "sft")
    )
    assert row["delta"] == pytest.approx(after - before)


def test_what_has_no_statistics_is_unavailable():
    bare = pa.Table.from_pylist([r | {"bleu": None} for r in ROWS])
    rows = select(scores(bare, STAGES, seed=3, resamples=100), stage="cpt", metric="BLEU")
    assert [(r["prompt_form"], r["value"], r["status"]) for r in rows] == [
        (form, None, "unavailable: no 'bleu' in the items") for form in ("plain", "chat")
    ]


def test_bad_input(tmp_path):
    with pytest.raises(UserError, match="no such file"):
        scores(tmp_path / "none.parquet", STAGES, seed=1)
    with pytest.raises(UserError, match="no column 'cluster'"):
        scores(TABLE.drop_columns(["cluster"]), STAGES, seed=1)
    with pytest.raises(UserError, match="stage 'sft' is not among base, cpt"):
        scores(TABLE, ["base", "cpt"], seed=1)
    with pytest.raises(UserError, match="answered twice in form plain"):
        scores(pa.concat_tables([TABLE, TABLE.slice(0, 1)]), STAGES, seed=1)
    holed = pa.Table.from_pylist([r | ({"chrf": None} if r["item"] == "t5" else {}) for r in ROWS])
    with pytest.raises(UserError, match="1 of 60 items lack 'chrf'"):
        scores(holed, STAGES, seed=1)


def test_files(tmp_path):
    pq.write_table(TABLE, tmp_path / "items.parquet")
    assert scores(tmp_path / "items.parquet", STAGES, seed=3, resamples=500) == SCORES
    write_scores(tmp_path / "scores.json", SCORES)
    assert read_scores(tmp_path / "scores.json") == SCORES
    (tmp_path / "other.json").write_text("[1, 2]")
    with pytest.raises(UserError, match="not a scores file"):
        read_scores(tmp_path / "other.json")
    with pytest.raises(UserError, match="no such file"):
        read_scores(tmp_path / "none.json")
