import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from towerplus.text.placeholders import difference, markers, placeholders, tags


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("%s: %d", {"%1$s": 1, "%2$d": 1}),
        ("%2$d (%1$s)", {"%1$s": 1, "%2$d": 1}),
        ("%-10.3lu %*d %i", {"%1$lu": 1, "%2$*": 1, "%3$d": 1, "%4$d": 1}),
        ("'%2$.*1$s'", {"%1$*": 1, "%2$s": 1}),
        ("%<PRIu64> bytes: %m", {"%1$<PRIu64>": 1, "%m": 1}),
        ("100%% of %s", {"%%": 1, "%1$s": 1}),
        ("%(name)s has %(count)d", {"%(name)s": 1, "%(count)d": 1}),
        ("%1 of %2, %L1", {"%1": 1, "%2": 1, "%L1": 1}),
        (
            "{} {0} {name} {user.name!r:>10} {x[0]}",
            {"{}": 1, "{0}": 1, "{name}": 1, "{user.name!r:>10}": 1, "{x[0]}": 1},
        ),
        ("{{ x }} {{x}} ${HOME} %{y} #{z}", {"{{x}}": 2, "${HOME}": 1, "%{y}": 1, "#{z}": 1}),
        ("{n, plural, one {# file in {dir}} other {# files}} by {who}", {"{n, plural}": 1, "{who}": 1}),
        ("{when, date, short}", {"{when, date}": 1}),
        ("{n, plural, one {# unclosed", {"{n, plural}": 1}),
        ("50 % der 50%ige 100%, 5% d", {}),
        ("{see below} {a; b}", {}),
        ("", {}),
    ],
)
def test_placeholders(text, found):
    assert dict(placeholders(text)) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('<a href="x">t</a>', {"<a>": 1, "</a>": 1}),
        ("<B>t</B><br><br />", {"<b>": 1, "</b>": 1, "<br/>": 2}),
        ("<g id='1'>t</g> <x id='2'/>", {"<g>": 1, "</g>": 1, "<x/>": 1}),
        ("usage: cp <file> <dir>; 1 < 2 > 0, <me@x.org>", {}),
        ("<file>x</file>", {"<file>": 1, "</file>": 1}),
    ],
)
def test_tags(text, found):
    assert dict(tags(text)) == found


def test_what_a_translation_may_and_may_not_do():
    def keeps(source, target):
        return difference(source, target) == ({}, {})

    assert keeps("%s has %d files", "%2$d Dateien hat %1$s")
    assert keeps("%-5s|<b>{x}</b>", "<b>{x}</b>|%-12s")
    assert not keeps("%s has %d files", "%d Dateien hat %s")  # C would read the wrong argument
    assert not keeps("%ld", "%d")
    missing, added = difference("Hello {name}, {name}", "Hallo {name} {nom} </b>")
    assert missing == {"{name}": 1}
    assert added == {"{nom}": 1, "</b>": 1}


@settings(deadline=None)
@given(st.lists(st.sampled_from(["a", "{}", "{0}", "{name}", "{x.y:>3}", " ", "ß"])).map("".join))
def test_braces_are_those_of_python(text):
    fields = [field for _, field, _, _ in string.Formatter().parse(text) if field is not None]
    assert placeholders(text).total() == len(fields)


@settings(deadline=None)
@given(st.text('%{}<>/$*.1sd a,plural"=', max_size=60))
def test_never_fails(text):
    assert all(count > 0 for count in markers(text).values())
    assert difference(text, text) == ({}, {})
