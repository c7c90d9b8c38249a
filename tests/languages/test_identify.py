"""Two sentences in each locale, written for this test, against every locale's verdict."""

import pytest

from towerplus.errors import UserError
from towerplus.languages.identify import is_language
from towerplus.languages.locales import LOCALES, find

SENTENCES = {
    "en-US": (
        "The train to the coast leaves every morning at nine.",
        "My neighbor painted the door of his garage gray.",
    ),
    "en-GB": (
        "We missed the last bus and walked home in the rain.",
        "My neighbour has painted the door of his garage grey.",
    ),
    "de": (
        "Der Zug an die Küste fährt jeden Morgen um neun Uhr ab.",
        "Meine Nachbarin hat gestern einen kleinen Hund gefunden.",
    ),
    "es-ES": (
        "El tren de la costa sale todas las mañanas a las nueve.",
        "¿Habéis visto el ordenador que compré ayer por la tarde?",
    ),
    "es-419": (
        "Mi vecina encontró ayer un perro pequeño en la calle.",
        "¿Ustedes vieron la computadora que compré ayer en la tarde?",
    ),
    "fr": (
        "Le train pour la côte part tous les matins à neuf heures.",
        "Ma voisine a trouvé hier un petit chien dans la rue.",
    ),
    "it": (
        "Il treno per la costa parte ogni mattina alle nove.",
        "La mia vicina ha trovato ieri un cagnolino per strada.",
    ),
    "pt-PT": (
        "O comboio para a costa parte todas as manhãs às nove horas.",
        "Esqueci-me do telemóvel no autocarro ontem à noite.",
    ),
    "pt-BR": (
        "O trem para o litoral sai todas as manhãs às nove horas.",
        "Ontem à noite eu esqueci meu celular no ônibus.",
    ),
    "nl": (
        "De trein naar de kust vertrekt elke ochtend om negen uur.",
        "Mijn buurvrouw heeft gisteren een kleine hond gevonden.",
    ),
    "da": (
        "Toget til kysten kører hver morgen klokken ni.",
        "Min nabo fandt i går en lille hund ude på gaden, og nu bor den hos hende.",
    ),
    "sv": (
        "Tåget till kusten går varje morgon klockan nio.",
        "Min granne hittade igår en liten hund på gatan.",
    ),
    "nb": (
        "Jeg vet ikke hva naboen min fant på gaten i går.",
        "Hun kommer fra en liten by, men hvor det er, sier hun ikke.",
    ),
    "nn": (
        "Eg veit ikkje kva naboen min fann på gata i går.",
        "Ho kjem frå ein liten by, men kvar det er, seier ho ikkje.",
    ),
    "is": (
        "Lestin til strandarinnar fer á hverjum morgni klukkan níu.",
        "Nágranni minn fann lítinn hund á götunni í gær.",
    ),
    "fi": (
        "Juna rannikolle lähtee joka aamu kello yhdeksän.",
        "Naapurini löysi eilen kadulta pienen koiran.",
    ),
    "pl": (
        "Pociąg nad morze odjeżdża codziennie rano o dziewiątej.",
        "Moja sąsiadka znalazła wczoraj na ulicy małego psa.",
    ),
    "cs": (
        "Vlak k moři odjíždí každé ráno v devět hodin.",
        "Moje sousedka našla včera na ulici malého psa.",
    ),
    "hu": (
        "A vonat minden reggel kilenc órakor indul a tengerpartra.",
        "A szomszédom tegnap talált egy kis kutyát az utcán.",
    ),
    "ro": (
        "Trenul spre coastă pleacă în fiecare dimineață la ora nouă.",
        "Vecina mea a găsit ieri un câine mic pe stradă.",
    ),
    "ru": (
        "Поезд к морю отправляется каждое утро в девять часов.",
        "Моя соседка вчера нашла на улице маленькую собаку.",
    ),
    "uk": (
        "Потяг до моря вирушає щоранку о дев'ятій годині.",
        "Моя сусідка вчора знайшла на вулиці маленького собаку.",
    ),
    "hi": (
        "समुद्र तट की रेलगाड़ी हर सुबह नौ बजे चलती है।",
        "मेरी पड़ोसन को कल सड़क पर एक छोटा कुत्ता मिला।",
    ),
    "zh-Hans": (
        "开往海边的火车每天早上九点发车。",
        "我的邻居昨天在街上发现了一只小狗。",
    ),
    "zh-Hant": (
        "開往海邊的火車每天早上九點發車。",
        "我的鄰居昨天在街上發現了一隻小狗。",
    ),
    "ja": (
        "海岸へ行く列車は毎朝九時に出発します。",
        "隣の人が昨日、道で小さな犬を見つけました。",
    ),
    "ko": (
        "바닷가로 가는 기차는 매일 아침 아홉 시에 출발합니다.",
        "이웃이 어제 길에서 작은 강아지 한 마리를 발견했습니다.",
    ),
}
#: locales whose variety the tools do not tell
UNDETERMINED = ("en-US", "en-GB", "es-ES", "es-419", "pt-PT", "pt-BR")
PAIRS = [(tag, text) for tag, texts in SENTENCES.items() for text in texts]


def test_every_locale_has_sentences():
    assert set(SENTENCES) == set(LOCALES)


@pytest.mark.parametrize(("tag", "text"), PAIRS)
def test_own_language(tag, text):
    assert is_language(text, tag) is (None if tag in UNDETERMINED else True)
    assert is_language(text, tag, varieties=False) is True


@pytest.mark.parametrize(("tag", "text"), PAIRS)
def test_other_languages(tag, text):
    for other, locale in LOCALES.items():
        norwegian = {tag, other} == {"nb", "nn"}
        if locale.language != find(tag).language and not norwegian:
            assert is_language(text, other) is False, other
            assert is_language(text, other, varieties=False) is False, other


@pytest.mark.parametrize(("one", "two"), [("nb", "nn"), ("zh-Hans", "zh-Hant")])
def test_varieties_that_are_told(one, two):
    for tag, other in ((one, two), (two, one)):
        for text in SENTENCES[tag]:
            assert is_language(text, other) is False
            assert is_language(text, other, varieties=False) is True


def test_cannot_tell():
    for text in (
        "",
        "   ",
        "12:30, 3.5 %",
        "Ja, gern.",
        "https://example.org/a/long/path/that/is/no/language @somebody #tag",
    ):
        for tag in LOCALES:
            assert is_language(text, tag) is None, (text, tag)
    assert is_language("中文是人人上下日月山川水火", "zh-Hans") is None  # characters of both systems
    assert is_language("中文是人人上下日月山川水火", "zh-Hans", varieties=False) is True


def test_mixed_scripts():
    assert is_language("新しい ThinkPad X1 Carbon は Windows で動きます。", "ja") is True
    assert is_language("Der Zug heißt auf Japanisch 列車, sagt meine Nachbarin.", "de") is True
    assert is_language("列車 is the Japanese word for train, my neighbour says.", "ja") is False


def test_control_characters_do_no_harm():
    assert is_language("Der Zug an die\x00 Küste fährt\x01 jeden Morgen um neun Uhr ab.", "de") is True


def test_unknown_locale():
    with pytest.raises(UserError, match="unknown locale"):
        is_language("Der Zug an die Küste fährt jeden Morgen um neun Uhr ab.", "xx")
