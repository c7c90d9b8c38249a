"""Records become examples: exactly the answers are learned, under any template, and nothing is dropped in silence."""

from pathlib import Path

import pytest

from towerplus.errors import UserError
from towerplus.records import Conversation, Message, Pair, Text
from towerplus.train.encode import Examples, encode_conversations, encode_pairs, encode_texts
from towerplus.train.render import Renderer, end_of_turn
from towerplus.train.tokenizer import train_tokenizer

TEXTS = ["The dog sees 12 cats.", "Der Hund sieht 12 Katzen.", "user model assistant system"] * 20


def talk(*turns: str, system: str = "") -> Conversation:
    roles = [Message("system", system)] if system else []
    roles += [Message(("user", "assistant")[i % 2], text) for i, text in enumerate(turns)]
    return Conversation(tuple(roles), "general/x")


def learned(tokenizer, examples: Examples, index: int = 0) -> list[str]:
    """The runs of labelled tokens, as text."""
    runs, before = [], False
    for token, marked in zip(*examples[index], strict=True):
        if marked and not before:
            runs.append([])
        if marked:
            runs[-1].append(token)
        before = marked
    return [tokenizer.decode(run) for run in runs]


@pytest.mark.parametrize(("chat_format", "end"), [("gemma", "<end_of_turn>"), ("chatml", "<|im_end|>")])
def test_answers_and_their_ends_are_learned(chat_format, end):
    tokenizer = train_tokenizer(TEXTS, 400, chat_format)
    # the answer is also a part of the question, of the system text, and of the template: searching would go wrong
    items = [
        talk("Der Hund", "Der Hund", system="Der Hund"),
        talk("user", "model", "assistant", "user", "model\n", "  model assistant \n"),
    ]
    examples = encode_conversations(tokenizer, items, 200)
    assert learned(tokenizer, examples, 0) == [f"Der Hund{end}"]
    assert learned(tokenizer, examples, 1) == [f"model{end}", f"user{end}", f"model assistant{end}"]
    for i, item in enumerate(items):
        turns = [{"role": m.role, "content": m.content} for m in item.messages]
        assert tokenizer.decode(examples[i][0]) == tokenizer.apply_chat_template(turns, tokenize=False)


SPECIAL = """<|im_start|> <|im_end|> <|begin_of_text|> <|start_header_id|> <|end_header_id|> <|eot_id|> <|user|>
<|assistant|> <|end|> <|system|> <start_of_turn> <end_of_turn>""".split()  # noqa: SIM905
ENDS = {"gemma": "<end_of_turn>", "gemma3": "<end_of_turn>", "llama3": "<|eot_id|>", "phi3": "<|end|>"}


@pytest.mark.parametrize("family", ["gemma", "gemma3", "llama3", "phi3", "qwen2_5", "qwen3"])
def test_templates_of_others(family):
    """The mask equals that of transformers for TRL's copies of these templates, in which answers are marked."""
    folder = Path(pytest.importorskip("trl").__file__).parent / "chat_templates"
    tokenizer = train_tokenizer(TEXTS, 400)
    tokenizer.add_special_tokens({"extra_special_tokens": SPECIAL})
    one, two = talk("The dog sees", "Der Hund sieht"), talk("The dog sees", "Der Hund sieht", "12 cats?", "12 Katzen.")
    tokenizer.chat_template = (folder / f"{family}.jinja").read_text()
    end = ENDS.get(family, "<|im_end|>")
    assert tokenizer.convert_ids_to_tokens(end_of_turn(tokenizer)) == end
    # Qwen 3 drops the reasoning, here an empty one, of earlier answers: an example an answer
    runs = [["<think>\n\n</think>\n\nDer Hund sieht"], ["<think>\n\n</think>\n\n12 Katzen."]]
    runs = runs if family == "qwen3" else [["Der Hund sieht", "12 Katzen."]]
    examples = encode_conversations(tokenizer, [two], 500)
    assert [learned(tokenizer, examples, i) for i in range(len(examples))] == [[t + end for t in run] for run in runs]

    tokenizer.chat_template = (folder / f"{family}_training.jinja").read_text()
    for item in (one, two):
        tokens, labelled = encode_conversations(tokenizer, [item], 500)[0]
        turns = [{"role": m.role, "content": m.content} for m in item.messages]
        marked = tokenizer.apply_chat_template(turns, return_assistant_tokens_mask=True, return_dict=True)
        assert marked["input_ids"][: len(tokens)] == tokens.tolist()
        # they learn the white space after the end token too, which nobody ever generates
        for token, ours, theirs in zip(tokens, labelled, marked["assistant_masks"], strict=False):
            assert ours == bool(theirs) or not tokenizer.decode([token]).strip()


def test_a_template_that_rewrites_the_past():
    """An earlier answer that is shown differently later becomes an example of its own, as it was asked for."""
    tokenizer = train_tokenizer(TEXTS, 400, "chatml")
    tokenizer.chat_template = (
        "{% for m in messages %}<|im_start|>{{ m.role }}\n"
        "{% if m.role == 'assistant' and not loop.last %}(gone){% else %}{{ m.content }}{% endif %}<|im_end|>\n"
        "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
    )
    examples = encode_conversations(tokenizer, [talk("a", "Hund", "b", "Katzen")], 200)
    assert [learned(tokenizer, examples, i) for i in range(2)] == [["Hund<|im_end|>"], ["Katzen<|im_end|>"]]
    assert "(gone)" in tokenizer.decode(examples[1][0])


def test_system_text_is_folded_where_there_is_no_role_for_it():
    tokenizer = train_tokenizer(TEXTS, 400)
    refuse = "{% if messages[0].role == 'system' %}{{ raise_exception('no system role') }}{% endif %}"
    tokenizer.chat_template = refuse + tokenizer.chat_template
    render = Renderer(tokenizer)
    assert render.fold
    assert "Be brief.\n\nHund" in render(talk("Hund", system="Be brief.").messages, True)
    assert not Renderer(train_tokenizer(TEXTS, 400, "chatml")).fold


def test_rejects_are_counted():
    tokenizer = train_tokenizer(TEXTS, 400)
    items = [talk("a", "b"), talk("a"), talk("a", " \n"), talk("a", "b " * 100), Conversation((), "x")]
    examples = encode_conversations(tokenizer, items, 50)
    assert len(examples) == 1
    assert examples.rejected == {"does not end with an answer": 2, "empty answer": 1, "longer than 50 tokens": 1}
    texts = encode_texts(tokenizer, [Text(t, "de") for t in ("Hund", " ", "", "Hund " * 99)], 50)
    assert (len(texts), texts.rejected) == (1, {"empty": 2, "longer than 50 tokens": 1})
    pairs = encode_pairs(tokenizer, [Pair("a", "", "en-US", "de"), Pair("a", "b", "en-US", "de")], 150, 1)
    assert (len(pairs), pairs.rejected) == (1, {"empty": 1})
    joined = Examples.join([texts, pairs, examples])
    assert joined.rejected["empty"] == 3
    assert len(joined) == 3
    assert all((joined[i][0] == part[0][0]).all() for i, part in enumerate((texts, pairs, examples)))
    with pytest.raises(UserError, match="longer than 3 tokens: 1"):
        encode_texts(tokenizer, [Text("Der Hund sieht 12", "de")], 3).require("texts")


def test_one_bad_conversation_does_not_spoil_the_rest():
    tokenizer = train_tokenizer(TEXTS, 400)
    tokenizer.chat_template = (
        "{% if messages[0].content == 'bad' %}{{ raise_exception('bad turns') }}{% endif %}" + tokenizer.chat_template
    )
    examples = encode_conversations(tokenizer, [talk("a", "b"), talk("bad", "b"), talk("c", "d")], 50)
    assert len(examples) == 2
    assert list(examples.rejected.values()) == [1]
    assert "bad turns" in next(iter(examples.rejected))


def test_templates_that_cannot_teach_to_stop():
    tokenizer = train_tokenizer(TEXTS, 400)
    tokenizer.chat_template = "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}"
    with pytest.raises(UserError, match="without a special token"):
        encode_conversations(tokenizer, [talk("a", "b")], 50)
    tokenizer.chat_template = None
    with pytest.raises(UserError, match="no chat template"):
        encode_conversations(tokenizer, [talk("a", "b")], 50)


def test_documents():
    tokenizer = train_tokenizer(TEXTS, 400)
    texts = encode_texts(tokenizer, [Text("Der Hund", "de")], 50)
    assert tokenizer.decode(texts[0][0]) == "<bos>Der Hund<eos>"
    assert texts[0][1].tolist() == [False] + [True] * (len(texts.tokens) - 1)
    pair = Pair("The dog", "Der Hund", "en-US", "de")
    pairs = encode_pairs(tokenizer, [pair] * 30, 80, seed=3)
    seen = {tokenizer.decode(pairs[i][0]) for i in range(30)}
    assert len(seen) == 3  # wordings
    assert all(": Der Hund<eos>" in text and "The dog\n" in text for text in seen)
    again = encode_pairs(tokenizer, [pair] * 30, 80, seed=3)
    assert (again.tokens == pairs.tokens).all()
    # running text: the translation begins with the token of a word in the middle of a line
    assert tokenizer.convert_tokens_to_ids("ĠHund") in pairs[0][0]
