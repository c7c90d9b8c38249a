"""Statistics and scores against sacrebleu, which is the definition of these metrics."""

import json
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sacrebleu.metrics import BLEU as SacreBLEU
from sacrebleu.metrics import CHRF as SacreCHRF
from sacrebleu.metrics import TER as SacreTER

from towerplus.errors import UserError
from towerplus.metrics import METRICS, chrf, metric
from towerplus.metrics.base import reference_count
from towerplus.metrics.bleu import BLEU
from towerplus.metrics.chrf import ChrF, sentence_chrf

# Few letters, so that n-grams repeat; many kinds of white space and punctuation; and any Unicode at all
TEXT = st.one_of(
    st.text(alphabet="ab .,!('-\u00a0\u3000\n", max_size=30),
    st.text(alphabet="aé日本語🙂 .", max_size=20),
    st.text(max_size=20),
)
CORPUS = st.integers(1, 3).flatmap(
    lambda refs: st.lists(st.tuples(TEXT, st.lists(TEXT, min_size=refs, max_size=refs)), min_size=1, max_size=6)
)
REFERENCE = {
    "chrf": SacreCHRF,
    "chrf++": lambda: SacreCHRF(word_order=2),
    "bleu": SacreBLEU,
    "ter": SacreTER,
}


def streams(references):
    """sacrebleu's layout: one stream of segments for each reference."""
    return [list(stream) for stream in zip(*references, strict=True)]


@pytest.mark.parametrize("name", METRICS)
@settings(max_examples=150, deadline=None)
@given(corpus=CORPUS)
def test_corpus_and_segments_equal_sacrebleu(name, corpus):
    hypotheses, references = [h for h, _ in corpus], [r for _, r in corpus]
    ours, theirs = metric(name), REFERENCE[name]()
    assert ours.corpus_score(hypotheses, references) == pytest.approx(
        theirs.corpus_score(hypotheses, streams(references)).score, abs=1e-9
    )
    assert ours.signature(reference_count(references)) == str(theirs.get_signature())
    one = SacreBLEU(effective_order=True) if name == "bleu" else theirs
    scores = [one.sentence_score(h, r).score for h, r in corpus]
    assert ours.segment_scores(hypotheses, references) == pytest.approx(scores, abs=1e-9)


@settings(max_examples=50, deadline=None)
@given(corpus=st.lists(st.tuples(TEXT, st.lists(TEXT, min_size=1, max_size=3)), min_size=1, max_size=5))
def test_the_number_of_references_may_vary(corpus):
    hypotheses, references = [h for h, _ in corpus], [r for _, r in corpus]
    longest = max(map(len, references))
    padded = [[*r, *[None] * (longest - len(r))] for r in references]
    theirs = SacreCHRF()
    score = theirs.corpus_score(hypotheses, streams(padded)).score
    assert ChrF().corpus_score(hypotheses, references) == pytest.approx(score, abs=1e-9)
    assert ChrF().signature(reference_count(references)) == str(theirs.get_signature())


@settings(max_examples=300, deadline=None)
@given(hypothesis=TEXT, reference=TEXT, beta=st.integers(1, 3))
def test_sentence_chrf(hypothesis, reference, beta):
    assert sentence_chrf(hypothesis, reference, beta) == pytest.approx(
        SacreCHRF(beta=beta).sentence_score(hypothesis, [reference]).score, abs=1e-9
    )


@given(text=st.text(min_size=1).filter(str.strip))
def test_a_copy_of_the_reference_scores_100(text):
    assert sentence_chrf(text, text) == pytest.approx(100)
    assert ChrF().corpus_score([text], [text]) == pytest.approx(100)


def test_chunks_do_not_change_the_statistics(monkeypatch):
    hypotheses = ["the cat sat", "", "x" * 40, "日本語のテスト", "a b"]
    references = ["the cat sits", "b", "xxx", "日本語テスト", ""]
    whole = metric("chrF++").statistics(hypotheses, references)
    monkeypatch.setattr(chrf, "CHUNK", 8)
    assert (metric("chrF++").statistics(hypotheses, references) == whole).all()


@pytest.mark.parametrize("name", METRICS)
@pytest.mark.parametrize("weights", [[1, 0, 3, 2], [0, 0, 0, 1], [0, 0, 0, 0]])
def test_weighted_statistics_score_as_repeated_segments(name, weights):
    hypotheses = ["the cat sat on the mat", "a dog ran away quickly", "no", "it is what it is today"]
    references = ["the cat sat on a mat", "the dog ran away fast", "yes", "it was what it is"]
    ours = metric(name)
    rows = ours.statistics(hypotheses, references)
    repeated = [i for i, weight in enumerate(weights) for _ in range(weight)]
    batch = ours.score(np.array([weights, weights], dtype=float) @ rows)
    assert batch.shape == (2,)
    expected = ours.score(rows[repeated].sum(axis=0))
    assert batch == pytest.approx([expected, expected])


@pytest.mark.parametrize(
    ("locale", "language", "hypothesis", "reference"),
    [
        ("zh-Hans", "zh", "我今天去了北京。", "今天我去北京了。"),
        ("ja", "ja", "私は昨日東京に行きました。", "昨日、私は東京へ行った。"),
        ("ko", "ko", "나는 어제 서울에 갔습니다.", "어제 나는 서울에 갔다."),
        ("pt-PT", "", "Eu fui ontem a Lisboa.", "Ontem fui a Lisboa."),
    ],
)
def test_the_tokenizer_follows_the_target_locale(locale, language, hypothesis, reference):
    ours, theirs = metric("BLEU", locale), SacreBLEU(trg_lang=language)
    assert ours.corpus_score([hypothesis], [reference]) == pytest.approx(
        theirs.corpus_score([hypothesis], [[reference]]).score
    )
    assert ours.signature() == str(theirs.get_signature())


def test_ter_splits_languages_without_spaces():
    theirs = SacreTER(normalized=True, asian_support=True)
    score = theirs.corpus_score(["今天我去北京"], [["我今天去了北京"]]).score
    ours = metric("TER", "zh-Hant")
    assert ours.corpus_score(["今天我去北京"], ["我今天去了北京"]) == pytest.approx(score)
    assert 0 < score < 100
    assert ours.signature() == str(theirs.get_signature())


def test_signature_of_an_interval():
    theirs = SacreBLEU()
    theirs.corpus_score(["a b"], [["a b"]], n_bootstrap=3)
    assert BLEU().signature(1, bootstrap=3, seed=theirs.seed) == str(theirs.get_signature())
    assert "eff:yes" in BLEU(effective_order=True).signature()


def test_bad_input():
    with pytest.raises(UserError, match=r"did you mean 'chrf\+\+'"):
        metric("chrF+++")
    with pytest.raises(UserError, match="2 hypotheses but references for 1"):
        ChrF().statistics(["a", "b"], ["a"])
    with pytest.raises(UserError, match="segment 2 of 2 has no reference"):
        ChrF().statistics(["a", "b"], [["a"], []])
    assert ChrF().corpus_score([], []) == 0


def lines(path):
    """The 997 segments of a WMT24 file; its first line is a canary."""
    return path.read_text(encoding="utf-8").split("\n")[1:998]


@pytest.mark.data
@pytest.mark.parametrize(("pair", "system"), [("en-de", "IKUN"), ("en-de", "GPT-4"), ("en-es", "Claude-3.5")])
def test_published_wmt24_scores(data, pair, system):
    folder = data / "wmt24"
    expected = json.loads((folder / "expected_sacrebleu.json").read_text())[pair]["systems"][system]
    hypotheses, first = lines(folder / pair / f"{system}.txt"), lines(folder / pair / "refA.txt")
    for name, key in (("chrF", "chrf"), ("chrF++", "chrfpp"), ("BLEU", "bleu")):
        assert round(metric(name).corpus_score(hypotheses, first), 4) == expected[key]
    if "chrf_2ref" in expected and system == "IKUN":
        both = list(zip(first, lines(folder / pair / "refB.txt"), strict=True))
        assert round(metric("chrF").corpus_score(hypotheses, both), 4) == expected["chrf_2ref"]
        assert round(metric("BLEU").corpus_score(hypotheses, both), 4) == expected["bleu_2ref"]


@pytest.mark.data
def test_published_wmt24_chrf_of_all_systems(data):
    folder = data / "wmt24"
    for pair, published in json.loads((folder / "expected_sacrebleu.json").read_text()).items():
        reference = lines(folder / pair / "refA.txt")
        for system, expected in published["systems"].items():
            score = ChrF().corpus_score(lines(folder / pair / f"{system}.txt"), reference)
            assert round(score, 4) == expected["chrf"], (pair, system)


@pytest.mark.data
def test_chrf_is_at_least_three_times_as_fast_as_sacrebleu(data):
    hypotheses, references = (lines(data / "wmt24" / "en-de" / name) for name in ("GPT-4.txt", "refA.txt"))

    def fastest(work):
        spent = []
        for _ in range(3):
            start = time.process_time()
            work()
            spent.append(time.process_time() - start)
        return min(spent)

    ours = fastest(lambda: ChrF().corpus_score(hypotheses, references))
    assert fastest(lambda: SacreCHRF().corpus_score(hypotheses, [references])) > 3 * ours
