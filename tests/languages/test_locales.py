import pytest
from babel import Locale

from towerplus.errors import UserError
from towerplus.languages.locales import LOCALES, find

DESIGN = "en-US en-GB de es-ES es-419 fr it pt-PT pt-BR nl da sv nb nn is fi pl cs hu ro ru uk hi zh-Hans zh-Hant ja ko"


def test_the_locales_of_the_design():
    assert " ".join(LOCALES) == DESIGN
    assert len({locale.name for locale in LOCALES.values()}) == 27


@pytest.mark.parametrize("tag", LOCALES)
def test_facts_agree_with_cldr(tag):
    """Language, script and territory are those of CLDR's likely subtags for the identifier whose data is used."""
    locale = LOCALES[tag]
    known = Locale.parse(locale.cldr)
    assert known.language == locale.language
    full = Locale.parse(f"{locale.language}_{locale.script}_{locale.territory}")
    assert full.territory == locale.territory
    english = Locale.parse(locale.language).get_display_name("en")
    assert locale.name.split(" ")[0] == english.split(" ")[0]


@pytest.mark.parametrize(
    ("asked", "tag"), [("pt-pt", "pt-PT"), ("PT_pt", "pt-PT"), ("ZH_hans", "zh-Hans"), (" de ", "de")]
)
def test_find_is_lenient_in_form(asked, tag):
    assert find(asked) is LOCALES[tag]


@pytest.mark.parametrize(
    ("asked", "near"),
    [
        ("pt", "pt-PT"), ("de-DE", "'de'"), ("zh-CN", "zh-Hans"), ("zh_TW", "zh-Hant"), ("en-UK", "en-"),
        ("no", "nb"), ("es-MX", "es-419"), ("fr-CA", "'fr'"), ("jp", "ja"), ("zh-Hanx", "zh-Han"),
    ],
)  # fmt: skip
def test_unknown_names_the_nearest(asked, near):
    with pytest.raises(UserError, match=f"unknown locale '{asked}'.*{near}"):
        find(asked)


def test_unknown_without_a_near_one_lists_all():
    with pytest.raises(UserError, match=r"known: en-US, en-GB, .*, ko"):
        find("qqq")


def test_names_in_prompts():
    names = {tag: find(tag).name for tag in ("en-US", "pt-PT", "es-419", "zh-Hans", "nb", "de")}
    assert list(names.values()) == [
        "English", "Portuguese (Portugal)", "Spanish (Latin America)", "Chinese (Simplified)", "Norwegian (Bokmål)",
        "German",
    ]  # fmt: skip
