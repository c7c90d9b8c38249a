"""Every check on answers that must pass and on answers that must fail."""

import timeit
from decimal import Decimal

import pytest

from towerplus.errors import UserError
from towerplus.languages import formats
from towerplus.languages.locales import LOCALES
from towerplus.records import Check, Message, Task
from towerplus.verify import verify, verify_all

SOURCE = (
    "The committee met on 3/7/2025 at 2:05 PM and gave 12.5% of its 1,234.5 shares, worth $12.50 each, "
    "to the school that lies 5 miles from the hall."
)


def task(target="de", source=SOURCE, source_locale="en-US", checks=()):
    return Task((Message("user", source),), "translation/localised", tuple(checks), source, source_locale, target)


def held(kind, response, target="de", source=SOURCE, source_locale="en-US", **arguments):
    return verify(Check(f"localisation.{kind}", arguments), response, task(target, source, source_locale))


DATE = {"value": "2025-03-07"}
TIME = {"value": "14:05", "hours": 24}
GOOD = [
    ("date", DATE, "de", "Der Ausschuss trat am 07.03.2025 zusammen."),
    ("date", DATE, "de", "Der Ausschuss trat am 7.3.2025 zusammen."),
    ("date", DATE | {"style": "long"}, "de", "Am 7. März 2025 trat der Ausschuss zusammen."),
    ("date", DATE | {"style": "long"}, "ru", "Комитет собрался 7 марта 2025 года."),
    ("date", DATE | {"style": "long"}, "ru", "Комитет собрался 7 марта 2025 г."),
    ("date", DATE | {"style": "long"}, "ja", "委員会は2025年3月7日に開かれた。"),
    ("date", DATE | {"style": "long"}, "hu", "A bizottság 2025. március 7-én ült össze."),
    ("date", DATE | {"style": "iso"}, "fr", "Le comité s'est réuni le 2025-03-07."),
    ("time", TIME, "de", "Die Sitzung begann um 14:05 Uhr."),
    ("time", TIME, "de", "Die Sitzung dauerte von 9:30-14:05 Uhr."),
    ("time", TIME, "fr", "La séance a commencé à 14 h 05."),
    ("time", {"value": "14:05", "hours": 12}, "es-419", "La sesión empezó a las 2:05 p. m. en la sala."),
    ("time", {"value": "14:05"}, "zh-Hant", "會議於下午2:05開始。"),
    ("time", {"value": "09:05", "hours": 12}, "en-US", "The session began at 9:05 a.m. sharp."),
    ("number", {"value": "1234.5"}, "de", "Er hat 1.234,5 Anteile."),
    ("number", {"value": 1234.5}, "fr", "Il a 1\u202f234,5 parts."),
    ("number", {"value": 1234567}, "hi", "उसके पास १२,३४,५६७ शेयर हैं।"),
    ("number", {"value": "-5.5"}, "sv", "Saldot är −5,5 i dag."),
    ("number", {"value": 1234}, "es-ES", "Tiene 1234 acciones."),
    ("percent", {"value": "12.5"}, "de", "Das sind 12,5\u00a0%."),
    ("percent", {"value": "12.5"}, "ru", "Это 12,5 процента."),
    ("percent", {"value": "12.5"}, "de", "eine 12,5%ige Lösung"),
    ("currency", {"value": "12.5", "code": "USD"}, "de", "Jeder kostet 12,50 $."),
    ("currency", {"value": "12.5", "code": "USD"}, "fr", "Chacune vaut 12,50 $US aujourd'hui."),
    ("currency", {"value": 12, "code": "EUR"}, "pt-PT", "Cada uma vale 12 €, mais nada."),
    ("currency", {"value": 1500, "code": "JPY"}, "ja", "それぞれ￥1,500です。"),
    ("unit", {"value": 5, "unit": "mile"}, "de", "Die Schule liegt 5 Meilen entfernt."),
    ("unit", {"value": 8, "unit": "km"}, "ru", "Школа находится в 8 километрах от зала."),
    ("unit", {"value": 8, "unit": "km"}, "ja", "学校は会館から8キロメートル離れている。"),
    ("unit", {"value": "-3.5", "unit": "celsius"}, "fi", "Ulkona on −3,5 °C tänään."),
]


@pytest.mark.parametrize(("kind", "arguments", "target", "response"), GOOD)
def test_good_answers_pass(kind, arguments, target, response):
    verdict = held(kind, response, target, **arguments)
    assert verdict.passed, verdict.reason
    assert verdict.score == 1.0
    assert verdict.reason == ""


@pytest.mark.parametrize(("kind", "arguments", "target", "response"), GOOD)
def test_what_must_fail_with_every_check(kind, arguments, target, response):
    """Empty; the source copied; twice; the form cut short or carried on; the locale's form left out."""
    for bad in ("", "   \n", SOURCE, f"{response} {response}"):
        verdict = held(kind, bad, target, **arguments)
        assert not verdict.passed
        assert verdict.score < 1
        assert 0 < len(verdict.reason) < 80
    shifted = "".join(str((int(c) + 1) % 10) if c.isdigit() else c for c in response)
    assert not held(kind, shifted, target, **arguments).passed  # right form, wrong value


BAD = [
    # the wrong language's form
    ("date", DATE, "de", "Der Ausschuss trat am 3/7/2025 zusammen."),
    ("date", DATE, "en-GB", "The committee met on 3/7/2025."),
    ("date", DATE | {"style": "long"}, "de", "The committee met on March 7, 2025."),
    ("date", DATE | {"style": "long"}, "de", "El comité se reunió el 7 de marzo de 2025."),
    ("date", DATE | {"style": "long"}, "pl", "Komitet zebrał się 7 marzec 2025."),
    ("time", TIME, "de", "Die Sitzung begann um 2:05 PM."),
    ("number", {"value": "1234.5"}, "de", "Er hat 1,234.5 Anteile."),
    ("number", {"value": "1234567"}, "hi", "उसके पास 1,234,567 शेयर हैं।"),
    ("percent", {"value": "12.5"}, "de", "Das sind 12.5 %."),
    ("currency", {"value": "12.5", "code": "USD"}, "de", "Jeder kostet $12.50."),
    ("currency", {"value": "12.5", "code": "USD"}, "de", "Jeder kostet $12,50."),
    ("unit", {"value": 5, "unit": "mile"}, "de", "The school is 5 miles away."),
    ("unit", {"value": 5, "unit": "km"}, "ru", "Школа находится в 5 километр отсюда."),
    # another style of the same value
    ("date", DATE, "de", "Der Ausschuss trat am 7. März 2025 zusammen."),
    ("date", DATE | {"style": "long"}, "de", "Der Ausschuss trat am 7.3.2025 zusammen."),
    ("time", {"value": "14:05", "hours": 12}, "en-US", "The session began at 14:05."),
    # beside the right one
    ("date", DATE | {"style": "long"}, "de", "Am 7. März 2025 (3/7/2025) trat er zusammen."),
    ("date", DATE | {"style": "long"}, "de", "Am 7. März 2025 (2025-03-07) trat er zusammen."),
    ("time", TIME, "de", "Die Sitzung begann um 14:05 Uhr (2:05 PM)."),
    ("number", {"value": "1234.5"}, "de", "Er hat 1.234,5 (1,234.5) Anteile."),
    ("currency", {"value": "12.5", "code": "USD"}, "de", "Jeder kostet 12,50 $ ($12.50)."),
    ("percent", {"value": "12.5"}, "de", "Das sind 12,5 % (12.5%)."),
    # two accepted forms, once each
    ("date", DATE, "de", "Am 07.03.2025, also am 7.3.2025, trat er zusammen."),
    ("number", {"value": "1234.5"}, "de", "1.234,5 oder 1234,5 Anteile"),
    # part of something longer
    ("date", DATE, "de", "Die Akte 17.3.2025 liegt vor."),
    ("date", DATE, "de", "Die Akte 7.3.20251 liegt vor."),
    ("time", TIME, "de", "Die Sitzung begann um 14:05:30 Uhr."),
    ("time", TIME, "de", "Das Spiel endete 114:05."),
    ("number", {"value": "1234.5"}, "de", "Er hat 1.234,56 Anteile."),
    ("number", {"value": 234}, "de", "Er hat 1.234 Anteile."),
    ("number", {"value": 234}, "fr", "Il a 1 234 parts."),
    ("number", {"value": 12}, "fr", "Il a 12 345 parts."),
    ("number", {"value": 5}, "de", "Es hat -5 Grad."),
    ("number", {"value": 5}, "de", "Das Ergebnis ist 3/5 davon."),
    ("number", {"value": 2025}, "de", "am 2025-03-07"),
    ("currency", {"value": 5, "code": "USD"}, "en-GB", "It costs R$5.00 there."),
    ("currency", {"value": 5, "code": "USD"}, "de", "Es kostet 5,00 $CAN dort."),
    ("currency", {"value": 5, "code": "USD"}, "de", "Es kostet 15,00 $ dort."),
    ("unit", {"value": 5, "unit": "m"}, "de", "Es ist 5 mm dick."),
    ("unit", {"value": 5, "unit": "m"}, "de", "Es ist 5 m² groß."),
    ("unit", {"value": 5, "unit": "m"}, "de", "Es ist 5 m2 groß."),
    ("unit", {"value": 5, "unit": "km"}, "de", "Es fährt 5 km/h schnell."),
    ("unit", {"value": 5, "unit": "km"}, "de", "Es ist 2,5 km lang."),
    ("unit", {"value": 5, "unit": "km"}, "hi", "यह 5 किलोमीटरों दूर है।"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "arguments", "target", "response"), BAD)
def test_bad_answers_fail(kind, arguments, target, response):
    verdict = held(kind, response, target, **arguments)
    assert not verdict.passed
    assert verdict.reason


def test_reasons_are_exact():
    long = DATE | {"style": "long"}
    assert held("date", "", **long).reason == "no 7. März 2025"
    assert held("date", "7. März 2025, 7. März 2025", **long).reason == "7. März 2025 stands 2 times, not once"
    assert held("date", SOURCE, **long).reason == "the source, copied"
    left = held("date", "Am 7. März 2025 (3/7/2025).", **long)
    assert left.reason == "3/7/2025 is not the form asked for: 7. März 2025"


def test_absent_strings():
    good = "Er lief 8 km weit."
    assert held("unit", good, value=8, unit="km", absent=["5 miles", "5 Meilen"]).passed
    verdict = held("unit", good[:-1] + " (5 Meilen).", value=8, unit="km", absent=["5 miles", "5 Meilen"])
    assert not verdict.passed
    assert verdict.reason.startswith("5 Meilen is not")


def test_absent_yields_to_what_is_accepted():
    """A number may be written alike in both languages: then it is not left over."""
    assert held("number", "Er hat 5 Anteile.", value=5, absent=["5"]).passed


def test_locale_argument_goes_before_the_tasks_target():
    assert held("date", "Treffpunkt: 3/7/2025", "de", value="2025-03-07", locale="en-US").passed
    assert held("date", "Treffpunkt: 3/7/2025", None, value="2025-03-07", locale="en-US").passed


def test_a_short_or_same_language_copy_is_no_copy():
    assert held("number", "5 km", "de", source="5 km", value=5).passed
    same = "The hall holds 5 rows of old wooden chairs."
    assert held("number", same, "en-GB", source=same, value=5).passed
    assert not held("number", same, "de", source=same, value=5).passed


def test_every_locale_passes_its_own_preferred_form_and_fails_the_others():
    """With Latin decimal signs that differ, no locale's number passes for another's."""
    for tag in LOCALES:
        own = formats.number(Decimal("12345.67"), tag)
        assert held("number", f"x {own[0]} y", tag, value="12345.67", source_locale=None).passed
        for other in LOCALES:
            foreign = formats.number(Decimal("12345.67"), other)[0]
            if formats.normalise(foreign) not in map(formats.normalise, own):
                assert not held("number", f"x {foreign} y", tag, value="12345.67", source_locale=None).passed


@pytest.mark.parametrize(
    ("kind", "arguments", "message"),
    [
        ("date", {}, "needs the argument 'value'"),
        ("date", {"value": "7.3.2025"}, "not a day"),
        ("date", {"value": "2025-03-07", "style": "short"}, "unknown date style"),
        ("time", {"value": "2pm"}, "not a time"),
        ("number", {"value": "1.234,5"}, "not a number"),
        ("number", {"value": "inf"}, "not a finite number"),
        ("currency", {"value": 1}, "needs the argument 'code'"),
        ("currency", {"value": 1, "code": "XYZ"}, "unknown currency"),
        ("unit", {"value": 1, "unit": "parsec"}, "unknown unit"),
        ("number", {"value": 1, "locale": "xx"}, "unknown locale"),
        ("glossary", {}, "terms"),
        ("glossary", {"terms": [{"source": "x"}]}, "terms"),
        ("glossary", {"terms": [{"source": "x", "target": []}]}, "needs a target form"),
        ("glossary", {"terms": [{"source": "x", "target": "y", "count": 0}]}, "count of at least 1"),
    ],
)
def test_bad_arguments_are_told(kind, arguments, message):
    with pytest.raises(UserError, match=message):
        held(kind, "irgendetwas", **arguments)


def test_no_locale_is_told():
    with pytest.raises(UserError, match="needs a locale"):
        held("number", "5", None, value=5)


# Glossary ------------------------------------------------------------------------------------------------------------

TERMS = [
    {"source": "committee", "target": ["Ausschuss", "Ausschusses"]},
    {"source": "hall", "target": "Saal"},
]
TRANSLATION = "Der Ausschuss trat am 7. März zusammen und ging in die Schule, die weit vom Saal entfernt liegt."


def glossary(response, terms=TERMS, target="de", source=SOURCE):
    return held("glossary", response, target, source, terms=terms)


@pytest.mark.parametrize(
    "response",
    [
        TRANSLATION,
        TRANSLATION.upper(),
        "Die Sitzung des Ausschusses fand, wie man weiß, an jenem Tag im alten Saal statt.",
        TRANSLATION + " Der Ausschuss ging.",
    ],
)
def test_glossary_kept(response):
    verdict = glossary(response)
    assert verdict.passed, verdict.reason


@pytest.mark.parametrize(
    ("response", "reason", "score"),
    [
        ("", "Ausschuss: 0 of 1", 0.0),
        (SOURCE, "the source, copied", 0.0),
        ("Der Ausschuss trat am 7. März zusammen und ging in die Halle.", "Saal: 0 of 1", 0.5),
        ("Das Komitee im Saal ging am 7. März in die Schule.", "Ausschuss: 0 of 1", 0.5),
        ("Die Ausschusssitzung war im Saal, wie man weiß.", "Ausschuss: 0 of 1", 0.5),
        ("Der Ausschuss war im Festsaal oder in den Saalgängen.", "Saal: 0 of 1", 0.5),
        ("Ausschuss, Saal", "a list of the terms, not a translation", 0.0),
        ("Ausschuss Saal Ausschuss Saal Ausschuss Saal", "a list of the terms, not a translation", 0.0),
        ("- Ausschuss\n- Saal\n", "a list of the terms, not a translation", 0.0),
    ],
)
def test_glossary_not_kept(response, reason, score):
    verdict = glossary(response)
    assert not verdict.passed
    assert verdict.reason == reason
    assert verdict.score == score


def test_terms_are_counted():
    terms = [{"source": "file", "target": ["Datei", "Dateien"], "count": 2}]
    source = "Open the file, then close the file and wait for a while."
    assert glossary("Öffnen Sie die Datei, schließen Sie die Datei und warten Sie.", terms, source=source).passed
    once = glossary("Öffnen Sie die Datei, schließen Sie sie und warten Sie.", terms, source=source)
    assert (once.passed, once.reason, once.score) == (False, "Datei: 1 of 2", 0.5)


def test_a_longer_term_does_not_count_for_the_shorter_one_inside():
    terms = [{"source": "bank", "target": "banco"}, {"source": "central bank", "target": "banco central"}]
    source = "The central bank gave the bank a loan after a long talk."
    both = "El banco central concedió al otro banco un préstamo tras una larga charla."
    assert glossary(both, terms, "es-ES", source).passed
    one = "El banco central le concedió un préstamo tras una larga charla."
    assert glossary(one, terms, "es-ES", source).reason == "banco: 0 of 1"


def test_terms_may_share_a_form():
    terms = [{"source": "car", "target": "Auto"}, {"source": "automobile", "target": ["Auto", "Automobil"]}]
    source = "The car is an automobile that the neighbours drive on Sundays."
    assert glossary("Das Auto ist ein Auto, das die Nachbarn sonntags fahren.", terms, source=source).passed
    assert not glossary("Das Auto ist etwas, das die Nachbarn sonntags fahren.", terms, source=source).passed


def test_scripts_without_spaces():
    terms = [{"source": "committee", "target": "委員会"}, {"source": "GPU", "target": "GPU"}]
    source = "The committee bought a GPU for the school last week."
    assert glossary("その委員会は先週、学校のためにGPUを買いました。", terms, "ja", source).passed
    assert not glossary("その委員会は先週、学校のためにGPUSを買いました。", terms, "ja", source).passed
    korean = [{"source": "committee", "target": "위원회"}]
    assert glossary("위원회는 지난주에 학교를 위해 물건을 샀다.", korean, "ko", source).passed


def test_vowel_signs_belong_to_the_word():
    terms = [{"source": "book", "target": "किताब"}]
    source = "The book lies on the table in the old hall."
    assert glossary("किताब पुराने हॉल में मेज़ पर पड़ी है।", terms, "hi", source).passed
    assert not glossary("किताबें पुराने हॉल में मेज़ पर पड़ी हैं।", terms, "hi", source).passed


def test_a_source_of_nothing_but_terms_may_be_answered_with_terms():
    assert glossary("Ausschuss", [TERMS[0]], source="committee").passed
    assert glossary("Der Ausschuss", [TERMS[0]], source="the committee").passed


def test_all_checks_of_a_task_and_their_speed():
    """As rewards they run a million times: well under 50 microseconds each (300 here, for busy machines)."""
    checks = (
        Check("localisation.date", DATE | {"style": "long"}),
        Check("localisation.time", TIME),
        Check("localisation.number", {"value": "1234.5"}),
        Check("localisation.percent", {"value": "12.5"}),
        Check("localisation.currency", {"value": "12.5", "code": "USD"}),
        Check("localisation.unit", {"value": 5, "unit": "mile"}),
        Check("localisation.glossary", {"terms": TERMS}),
    )
    response = (
        "Der Ausschuss trat am 7. März 2025 um 14:05 Uhr zusammen und gab 12,5 % seiner 1.234,5 Anteile, die je "
        "12,50 $ wert sind, an die Schule, die 5 Meilen vom Saal entfernt liegt."
    )
    whole = task(checks=checks)
    assert [verdict.reason for verdict in verify_all(response, whole)] == [""] * 7
    assert min(timeit.repeat(lambda: verify_all(response, whole), number=100, repeat=5)) / 700 < 300e-6
