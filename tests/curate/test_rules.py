"""Each rule on rows that it must drop and on their neighbours that it must keep."""

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from towerplus import records
from towerplus.curate import rules
from towerplus.curate.rows import REASON, mark, reasons
from towerplus.curate.settings import RULES, CurateSettings
from towerplus.errors import UserError
from towerplus.records import Conversation, Message, Pair, Preference, Text

SETTINGS = CurateSettings(max_chars=60, max_document_chars=100)


def batch(items):
    table = pa.Table.from_pylist([records.to_row(item) for item in items], schema=records.schema(type(items[0])))
    return table.to_batches()[0]


def verdicts(items, **changes):
    return rules.apply(batch(items), SETTINGS.model_copy(update=changes)).column(REASON).to_pylist()


def pair(source, target, locale="de", **more):
    return Pair(source, target, "en-US", locale, **more)


def test_the_table_has_the_rules_of_the_settings():
    assert tuple(rules.RULES) == RULES


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (pair("A cat sleeps.", "Eine Katze schläft."), ""),
        (pair("OK", "Einverstanden"), ""),
        (pair("", "x"), "empty"),
        (pair("x", " \u00a0\n"), "empty"),
        (pair("word " * 13, "Wort"), "too long"),
        (pair("one " * 3 + "two " * 12, "eins zwei " * 7, kind="document"), "repetition"),
        (pair("Wow.", "Ein ganz anderer Satz, viel zu lang, um zu passen"), "length ratio"),
        (pair("A sentence of forty characters and more.", "猫が好きなので、家に三匹います。", "ja"), ""),
        (
            pair("A sentence of forty characters and more.", "A sentence of forty characters and MORE"),
            "identical sides",
        ),
        (Pair("The colour of the old house", "The colour of the old house", "en-GB", "en-US"), ""),
        (pair("New York Times", "New York Times"), ""),
        (pair("%s has %d", "%2$d hat %1$s"), ""),
        (pair("%s has %d", "%s hat"), "markers differ"),
        (pair("<b>Go</b> on", "<b>Weiter"), "markers differ"),
        (pair("In 1999 he paid $1,234.56", "1999 zahlte er 1.234,56 $"), ""),
        (pair("two cats and 3 dogs", "2 Katzen und drei Hunde"), ""),
        (pair("7 March 2025", "07.03.2025"), ""),
        (pair("In 1999 he left", "Im Jahr 1989 ging er"), "digits differ"),
        (pair("२०२५", "2025"), ""),  # digits are no letters
        (pair("The house is big", "Дом большой"), "wrong script"),
        (pair("The house is big", "Дом большой", "ru"), ""),
        (pair("Run apt-get update now", "Выполните apt-get update", "ru"), ""),
        (pair("123 + 456", "123 + 456", "ru"), ""),
        (pair("no no no no", "nein nein nein nein"), ""),
        (pair("It is a b", "Es ist a b a b a b a b a b"), "repetition"),
        (pair("By %s, %s, %s, %s, %s", "Von %s, %s, %s, %s, %s"), ""),
        (Text("Ein Haus", "de"), ""),
        (Text(" ", "de"), "empty"),
        (Text("Дом", "de"), "wrong script"),
        (Text("x " * 40, "de"), "too long"),
        (Text("x y " * 20, "de", "document"), "repetition"),
    ],
)
def test_rules(item, reason):
    assert verdicts([item]) == [reason]


def test_messages():
    def turns(*contents):
        return tuple(Message(role, text) for role, text in zip(("user", "assistant") * 2, contents, strict=False))

    items = [turns("q", "a"), turns("q", " "), turns("x" * 60, "y" * 60), turns("q", "la " * 5), ()]
    wanted = ["", "empty", "too long", "repetition", "empty"]
    assert verdicts([Conversation(item, "general") for item in items]) == wanted
    answer, other = (Message("assistant", "a"),), (Message("assistant", "b"),)
    preferences = [Preference(turns("q"), answer, other, "k"), Preference(turns("q"), answer, answer, "k")]
    assert verdicts(preferences) == ["", "no preference"]


def test_rules_can_be_chosen_and_put_in_order():
    item = pair("", "x" * 200)
    assert verdicts([item]) == ["empty"]
    assert verdicts([item], rules=["too long", "empty"]) == ["too long"]
    assert verdicts([item], rules=["identical sides"]) == [""]


def test_a_reason_is_never_replaced():
    one = mark(batch([pair("a", "b"), pair("c", "d")]), [True, False], "first")
    two = mark(one, [True, True], "second")
    assert two.column(REASON).to_pylist() == ["first", "second"]
    assert reasons(batch([pair("a", "b")])).to_pylist() == [""]


def test_an_unknown_locale_is_told():
    with pytest.raises(UserError, match="unknown locale 'xx'"):
        verdicts([pair("a", "b", "xx")])


def test_batches_that_are_slices():
    whole = batch([pair("", "x")] + [pair(f"house {n}", f"Haus {n}") for n in range(5)] + [pair("%s", "x")])
    verdict = rules.apply(whole.slice(3), SETTINGS).column(REASON).to_pylist()
    assert verdict == ["", "", "", "markers differ"]
    turns = batch([Conversation((Message("user", text), Message("assistant", "a")), "k") for text in ("", "q", " ")])
    assert rules.apply(turns.slice(1), SETTINGS).column(REASON).to_pylist() == ["", "empty"]


def loops_plainly(text, repeats):
    words = text.split()
    for period in range(1, 9):
        for start in range(len(words) - period * repeats + 1):
            block = words[start : start + period]
            if words[start : start + period * repeats] == block * repeats:
                return True
    return False


@settings(deadline=None)
@given(st.lists(st.lists(st.sampled_from("abc"), max_size=30).map(" ".join), min_size=1, max_size=5), st.integers(2, 5))
def test_repetition_as_said_plainly(texts, repeats):
    found = rules.repetition(batch([Text(text, "de") for text in texts]), CurateSettings(repeats=repeats))
    assert found.tolist() == [loops_plainly(text, repeats) for text in texts]


@settings(deadline=None)
@given(st.lists(st.integers(0, 10**6), max_size=5))
def test_numbers_agree_with_themselves_in_another_locale(values):
    english = " and ".join(f"{value:,}.5" for value in values)
    german = " und ".join(f"{value:,}".replace(",", ".") + ",5" for value in values)
    assert rules.number_agreement(english, german) == 1.0
    assert rules.numbers("१२ and ١٢") == {12: 2}
