"""The recipe bitext on files as users have them: Moses, TSV and gettext, in the smallest budgets."""

import gzip
import itertools
import json
from pathlib import Path

import polib
import pytest

from towerplus import artifact, pipeline
from towerplus.recipe import load
from towerplus.records import Conversation, Pair, Preference, Task, read

SUBJECTS = [("A man", "Ein Mann"), ("A woman", "Eine Frau"), ("A child", "Ein Kind"), ("The dog", "Der Hund"),
            ("The girl", "Das Mädchen"), ("Our teacher", "Unsere Lehrerin"), ("Her son", "Ihr Sohn")]  # fmt: skip
VERBS = [("sings", "singt"), ("sleeps", "schläft"), ("waits", "wartet"), ("plays", "spielt"), ("eats", "isst"),
         ("laughs", "lacht"), ("reads", "liest")]  # fmt: skip
PLACES = [("in the garden", "im Garten"), ("at home", "zu Hause"), ("on the beach", "am Strand"),
          ("in the kitchen", "in der Küche"), ("at the station", "am Bahnhof"), ("in the snow", "im Schnee"),
          ("on the roof", "auf dem Dach")]  # fmt: skip
ALL = [tuple(" ".join(words) + "." for words in zip(*parts, strict=True))
       for parts in itertools.product(SUBJECTS, VERBS, PLACES)]  # fmt: skip
# every seventh is held out: 294 to train on, 25 for dev, 24 for test
HELD = ALL[::7]
TRAIN, DEV, TEST = [pair for pair in ALL if pair not in HELD], HELD[:25], HELD[25:]

TINY = [
    "stages.base.model={hidden_size: 32, layers: 1, heads: 2, intermediate_size: 48, vocabulary: 400, context: 128}",
    "stages.base.tokens=3000",
    "stages.cpt.tokens=8000",
    "stages.sft.tokens=20000",
    "stages.sft.batch_tokens=256",
]


def run(out: Path, until: str | None, *overrides: str) -> None:
    pipeline.run(load("bitext", [*TINY, *overrides]), out, until)


LOCALES = ["corpora.parallel.source_locale=en-US", "corpora.parallel.target_locale=de"]


def pairs(folder: Path, name: str) -> set[tuple[str, str]]:
    return {(pair.source, pair.target) for pair in read(folder / f"{name}.parquet", Pair)}


def counts(out: Path, stage: str) -> dict:
    return artifact.manifest(out / stage)["counts"]


def moses(folder: Path, name: str, rows: list[tuple[str, str]]) -> str:
    for side, locale in enumerate(("en", "de")):
        text = "".join(row[side] + "\n" for row in rows)
        (folder / f"{name}.{locale}.gz").write_bytes(gzip.compress(text.encode()))
    return str(folder / name)


def test_moses_through_all_stages(tmp_path):
    """Files for train, dev and test, one's own conversations beside them, a malformed and a leaked line among them."""
    leaked = TEST[0]
    train = moses(tmp_path, "train", [*TRAIN, leaked])
    hello = {"messages": [{"role": "user", "content": "Hello!"}, {"role": "assistant", "content": "Hi there."}]}
    chat = tmp_path / "chat.jsonl"
    chat.write_text("\n".join([*[json.dumps(hello | {"licence": f"L{i}"}) for i in range(12)], "{no json"]) + "\n")
    out = tmp_path / "out"
    run(
        out,
        None,
        *LOCALES,
        f"corpora.parallel.path={train}",
        f"corpora.parallel.dev={moses(tmp_path, 'dev', DEV)}",
        f"corpora.parallel.test={moses(tmp_path, 'test', TEST)}",
        f"corpora.conversations={{path: {chat}, on_error: reject}}",
        "stages.curate.duplicates=false",
        "stages.sft.translation=0.9",
        "stages.preferences={kind: synthesize, samples: 4, max_tokens: 24, temperature: 1.5, pairs: {translation: 30}}",
        "stages.grpo={steps: 2, prompts_per_step: 4, group: 4, max_tokens: 24, learning_rate: 1e-4, kinds: []}",
        "evaluate={max_tokens: 16, bootstrap: 100}",
    )
    corpora = out / "corpora"
    assert pairs(corpora, "pairs") == set(TRAIN)
    assert pairs(corpora, "pairs-dev") == set(DEV)
    assert pairs(corpora, "pairs-test") == set(TEST)
    rejects = [json.loads(line) for line in (corpora / "rejects.jsonl").read_text().splitlines()]
    leaks = [row for row in rejects if row["reason"].startswith("shares a text")]
    assert {row["text"] for row in leaks if "|||" in row["text"]} == {" ||| ".join(leaked)}
    assert [row["line"] for row in rejects if row not in leaks] == [13]
    assert counts(out, "corpora")["pairs"] == len(TRAIN)
    assert sum(counts(out, "corpora")["rejects"].values()) == len(rejects)

    made = counts(out, "instructions")
    conversations = list(read(out / "instructions" / "conversations.parquet", Conversation))
    own = [item for item in conversations if item.messages[0].content == "Hello!"]
    assert conversations[:12] == own == list(read(corpora / "conversations.parquet", Conversation))
    assert made["conversations"] == len(conversations) == 12 + len(pairs(out / "curate", "pairs"))
    assert {item.messages[-1].content for item in conversations[12:]} == {target for _, target in TRAIN}
    assert {(t.source, t.reference) for t in read(out / "instructions" / "tasks-test.parquet", Task)} == set(TEST)

    assert all(
        item.kind.startswith("translation") for item in read(out / "preferences" / "preferences.parquet", Preference)
    )
    scores = json.loads((out / "scores.json").read_text())["rows"]
    bleu = [row for row in scores if row["metric"] == "BLEU" and row["target_locale"] is None and not row["kind"]]
    assert {row["stage"] for row in bleu} == {"base", "cpt", "sft", "wpo", "grpo"}
    assert {row["n"] for row in bleu} == {len(TEST)}
    import pyarrow.parquet as pq

    items = pq.read_table(out / "items.parquet", columns=["source", "reference"]).to_pylist()
    assert {(item["source"], item["reference"]) for item in items} == set(TEST)
    assert len(items) == 5 * 2 * len(TEST)
    assert (out / "model" / "model.safetensors").is_file()


def tsv(folder: Path) -> str:
    path = folder / "memory.tsv"
    path.write_text("".join(f"{source}\t{target}\n" for source, target in ALL), encoding="utf-8")
    return str(path)


def gettext(folder: Path) -> str:
    catalogue = polib.POFile()
    catalogue.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Language": "de"}
    catalogue += [polib.POEntry(msgid=source, msgstr=target) for source, target in ALL]
    catalogue.append(polib.POEntry(msgid="Not done yet", msgstr=""))
    catalogue.save(str(folder / "de.po"))
    return str(folder / "de.po")


@pytest.mark.parametrize("writer", [tsv, gettext])
def test_one_file_is_split_and_learned_from(tmp_path, writer):
    out = tmp_path / "out"
    run(out, "sft", f"corpora.parallel.path={writer(tmp_path)}", *LOCALES, "evaluate.enabled=false")
    parts = {name: pairs(out / "corpora", name) for name in ("pairs", "pairs-dev", "pairs-test")}
    assert set.union(*parts.values()) == set(ALL)
    assert sum(len(part) for part in parts.values()) == len(ALL)  # no pair is in two parts
    assert len(parts["pairs-dev"]) == len(parts["pairs-test"]) == len(ALL) // 10
    rejected = counts(out, "corpora")["rejects"]
    assert rejected == ({"not translated": 1} if writer is gettext else {})
    assert {(t.source, t.reference) for t in read(out / "instructions" / "tasks-test.parquet", Task)} == parts[
        "pairs-test"
    ]
    for stage in ("cpt", "sft"):
        done = counts(out, stage)
        assert done["last_loss"] < done["first_loss"]
    assert (out / "model" / "model.safetensors").is_file()
