"""What Babel's tables lack or have otherwise than CLDR and the orthographies: read only when `cldr.json` is generated.

Sources: CLDR 48 (numbers, dates, misc, units), and where CLDR gives one form and a national standard another, the
standard: DIN 5008 (de), RAE Ortografía (es), Lexique de l'Imprimerie nationale (fr), Språkrådet (nb, nn), AkH. (hu),
ČSN 01 6910 (cs), Retskrivningsordbogen (da), GB/T 15835 (zh-Hans), 公用文作成の考え方 (ja).
"""

#: CLDR `minimumGroupingDigits` where it is 2: 1234 stays ungrouped, 12.345 does not. Babel has no such field.
MINIMUM_GROUPING = {"es-ES": 2, "it": 2, "pt-PT": 2, "pl": 2, "hu": 2}

#: Group separators also in use, beside CLDR's.
ALSO_GROUP = {
    "de": [" "], "es-ES": [" "], "es-419": [" "], "it": [" "], "nl": [" "], "da": [" "], "pt-PT": ["."], "nb": ["."],
    "nn": ["."],
}  # fmt: skip

#: CLDR `delimiters` (Babel has none), the main pair first, then the inner one and others in use.
QUOTES = {
    "en-US": ["“”", "‘’"], "en-GB": ["“”", "‘’"], "de": ["„“", "»«", "‚‘", "›‹"], "es-ES": ["“”", "«»", "‘’"],
    "es-419": ["“”", "«»", "‘’"], "fr": ["«»", "“”"], "it": ["«»", "“”", "‘’"], "pt-PT": ["«»", "“”", "‘’"],
    "pt-BR": ["“”", "‘’", "«»"], "nl": ["‘’", "“”", "„”"], "da": ["“”", "»«", "„“", "‘’"], "sv": ["””", "»»", "’’"],
    "nb": ["«»", "‘’", "“”"], "nn": ["«»", "‘’", "“”"], "is": ["„“", "‚‘"], "fi": ["””", "»»", "’’"],
    "pl": ["„”", "«»", "‚’"], "cs": ["„“", "‚‘", "»«"], "hu": ["„”", "»«"], "ro": ["„”", "«»"],
    "ru": ["«»", "„“"], "uk": ["«»", "„“", "“”"], "hi": ["“”", "‘’"], "zh-Hans": ["“”", "‘’", "「」"],
    "zh-Hant": ["「」", "『』"], "ja": ["「」", "『』"], "ko": ["“”", "‘’"],
}  # fmt: skip

#: Separators of numeric dates also in use.
ALSO_DATE_SEPARATOR = {
    "nl": "/", "es-ES": "-", "es-419": "-", "it": "-", "pt-PT": "-", "da": "-/", "ro": "/", "zh-Hans": "-.", "cs": "",
}  # fmt: skip

#: Long dates also in use; fields as in `cldr.json`, {th} an English ordinal ending.
ALSO_LONG_DATE = {
    "en-US": ["{MMMM} {d}{th}, {y}"],
    "en-GB": ["{d}{th} {MMMM} {y}", "{d} {MMMM}, {y}"],
    "es-ES": ["{d} de {MMMM} del {y}"],
    "es-419": ["{d} de {MMMM} del {y}"],
    "hu": ["{y}. {MMMM} {d}"],
    "ru": ["{d} {MMMM} {y} г.", "{d} {MMMM} {y} года", "{d} {MMMM} {y}"],
    "uk": ["{d} {MMMM} {y} р.", "{d} {MMMM} {y} року", "{d} {MMMM} {y}"],
    "hi": ["{d} {MMMM}, {y}"],
    "zh-Hans": ["{y} 年 {M} 月 {d} 日", "{y}年{MM}月{dd}日"],
    "zh-Hant": ["{y} 年 {M} 月 {d} 日", "{y}年{MM}月{dd}日"],
    "ja": ["{y} 年 {M} 月 {d} 日", "{y}年{MM}月{dd}日"],
    "ko": ["{y}년{M}월{d}일", "{y}년 {MM}월 {dd}일"],
}

#: The first of the month: an ordinal. True: it is the rule (French), False: also in use.
FIRST_OF_MONTH = {
    "fr": ("1er", True),
    "it": ("1º", False),
    "es-419": ("1º", False),
    "pt-BR": ("1º", False),
    "pt-PT": ("1º", False),
}

#: 24-hour times also in use, beside CLDR's.
ALSO_CLOCK24 = {
    "fr": ["{HH}h{mm}", "{H}h{mm}", "{HH} h {mm}", "{H} h {mm}"],
    "pt-PT": ["{HH}h{mm}", "{H}h{mm}"],
    "pt-BR": ["{HH}h{mm}", "{H}h{mm}"],
    "zh-Hans": ["{H}时{mm}分", "{HH}时{mm}分", "{H}点{mm}分", "{HH}点{mm}分"],
    "zh-Hant": ["{H}時{mm}分", "{HH}時{mm}分", "{H}點{mm}分"],
    "ja": ["{H}時{mm}分", "{HH}時{mm}分", "{H}時{m}分"],
    "ko": ["{H}시 {mm}분", "{HH}시 {mm}분", "{H}시 {m}분"],
}
#: Locales in which hours and minutes may also be parted by a full stop, or (where CLDR has the stop) a colon.
ALSO_TIME_SEPARATOR = {
    **dict.fromkeys(["en-GB", "es-ES", "it", "nl", "sv", "nb", "nn", "is", "pl", "cs", "hu", "ro"], "."),
    **dict.fromkeys(["da", "fi"], ":"),
}
#: Whole hours without minutes.
WHOLE_HOUR24 = {
    "fr": ["{HH}h", "{H}h", "{HH} h", "{H} h"], "pt-PT": ["{HH}h", "{H}h"], "pt-BR": ["{HH}h", "{H}h"],
    "zh-Hans": ["{H}时", "{H}点"], "zh-Hant": ["{H}時", "{H}點"], "ja": ["{H}時"], "ko": ["{H}시"],
}  # fmt: skip
WHOLE_HOUR12 = {
    "en-US": ["{h} {a}", "{h}{a}"], "en-GB": ["{h} {a}", "{h}{a}"], "es-419": ["{h} {a}"], "zh-Hans": ["{a}{h}点"],
    "zh-Hant": ["{a}{h}點", "{a}{h}時"], "ja": ["{a}{h}時"], "ko": ["{a} {h}시"],
}  # fmt: skip
ALSO_CLOCK12 = {
    "zh-Hans": ["{a}{h}点{mm}分"],
    "zh-Hant": ["{a}{h}點{mm}分", "{a}{h}時{mm}分"],
    "ja": ["{a}{h}時{mm}分", "{a}{h}時{m}分"],
    "ko": ["{a} {h}시 {mm}분", "{a} {h}시 {m}분"],
}
#: Day periods: forms also in use. Korean stands first because Babel has AM and PM where CLDR 48 has these.
AM_PM_FIRST = {"ko": (["오전"], ["오후"])}
ALSO_AM_PM = {
    "en-US": (["am", "a.m.", "A.M."], ["pm", "p.m.", "P.M."]),
    "en-GB": (["a.m.", "AM"], ["p.m.", "PM"]),
    "es-ES": (["a.m."], ["p.m."]),
    "es-419": (["a. m."], ["p. m."]),
    "hi": (["AM", "पूर्वाह्न"], ["PM", "अपराह्न"]),
}
#: Locales where either clock is ordinary.
BOTH_CLOCKS = ["en-GB", "es-419", "hi", "zh-Hans", "zh-Hant", "ja", "ko"]

#: CLDR `symbol-alt-narrow` (Babel has none), where it names one currency alone; accepted unless it is the usual sign of
#: another currency in the locale (¥ in zh-Hans is CNY).
NARROW_SIGNS = {
    "USD": "$", "GBP": "£", "JPY": "¥", "EUR": "€", "BRL": "R$", "INR": "₹", "KRW": "₩", "UAH": "₴", "RUB": "₽",
    "PLN": "zł", "CZK": "Kč", "HUF": "Ft",
}  # fmt: skip
#: Currency patterns also in use ({0} number, {1} symbol).
ALSO_CURRENCY = {"it": ["{1} {0}"], "da": ["{1} {0}"], "nb": ["{1} {0}"], "nn": ["{1} {0}"]}

#: Names and signs of units in use beside CLDR's.
ALSO_UNITS: dict[str, dict[str, list[str]]] = {
    "hi": {
        "km": ["{0} किमी", "{0} कि.मी.", "{0} km"], "m": ["{0} मी", "{0} मी.", "{0} m"],
        "cm": ["{0} सेमी", "{0} से.मी.", "{0} cm"], "kg": ["{0} किग्रा", "{0} किलो", "{0} kg"], "g": ["{0} ग्रा", "{0} g"],
        "l": ["{0} ली", "{0} l"], "celsius": ["{0} °C"], "fahrenheit": ["{0} °F"],
    },
    "ja": {"km": ["{0}キロ"], "kg": ["{0}キロ"], "l": ["{0} L", "{0} l"], "celsius": ["{0}度"]},
    "pt-PT": {"mile": ["{0} mi"]},
    "ko": {"km": ["{0}킬로"], "kg": ["{0}킬로"], "l": ["{0}l"]},
    "zh-Hans": {
        "km": ["{0}千米", "{0} km"], "m": ["{0} m"], "cm": ["{0} cm"], "kg": ["{0}公斤", "{0}千克"], "g": ["{0} g"],
        "l": ["{0}公升", "{0} L"],
    },
    "zh-Hant": {
        "km": ["{0} km"], "m": ["{0}米", "{0} m"], "cm": ["{0}厘米", "{0} cm"], "kg": ["{0} kg"], "g": ["{0} g"],
        "l": ["{0}公升", "{0} L"], "inch": ["{0} 英寸"],
    },
}  # fmt: skip

#: Russian masculine nouns: stem, ending of the genitive plural, what follows the noun.
_RUSSIAN = (
    ("метр", "ов", ""), ("грамм", "", ""), ("литр", "ов", ""), ("процент", "ов", ""), ("фунт", "ов", ""),
    ("дюйм", "ов", ""), ("градус", "ов", " Цельсия"), ("градус", "ов", " Фаренгейта"),
)  # fmt: skip

#: Case forms of long unit names that CLDR has (grammatical cases) and Babel has not:
#: locale -> plural category -> (ending of CLDR's form, endings that may stand instead).
INFLECTIONS: dict[str, dict[str, list[tuple[str, list[str]]]]] = {
    "de": {"other": [("eter", ["etern"]), ("Liter", ["Litern"])]},
    "is": {
        "one": [("metri", ["metra"]), ("lítri", ["lítra"]), ("gráða á Celsíus", ["gráðu á Celsíus"])],
        "other": [
            ("metrar", ["metra", "metrum"]),
            ("lítrar", ["lítra", "lítrum"]),
            ("grömm", ["grömmum", "gramma"]),
            ("gráður á Celsíus", ["gráðum á Celsíus", "gráða á Celsíus"]),
            ("prósent", ["prósentum", "prósenta"]),
        ],
    },
    "fi": {
        "other": [
            ("metriä", ["metrin", "metristä", "metriin"]),
            ("grammaa", ["gramman", "grammasta", "grammaan"]),
            ("litraa", ["litran", "litrasta", "litraan"]),
            ("celsiusastetta", ["celsiusasteen", "celsiusasteesta", "celsiusasteeseen"]),
            ("prosenttia", ["prosentin", "prosentista", "prosenttiin"]),
        ]
    },
    "pl": {
        "one": [
            ("metr", ["metra", "metrowi", "metrem", "metrze"]),
            ("gram", ["grama", "gramowi", "gramem", "gramie"]),
            ("litr", ["litra", "litrowi", "litrem", "litrze"]),
        ],
        "few": [
            (stem + "y", [stem + "ów", stem + "om", stem + "ami", stem + "ach"]) for stem in ("metr", "gram", "litr")
        ]
        + [
            (
                "stopnie Celsjusza",
                ["stopni Celsjusza", "stopniom Celsjusza", "stopniami Celsjusza", "stopniach Celsjusza"],
            )
        ],
        "many": [(stem + "ów", [stem + "om", stem + "ami", stem + "ach"]) for stem in ("metr", "gram", "litr")]
        + [("stopni Celsjusza", ["stopniom Celsjusza", "stopniami Celsjusza", "stopniach Celsjusza"])]
        + [("procent", ["procentom", "procentami", "procentach"])],
    },
    "cs": {
        "one": [(stem, [stem + "u", stem + "em"]) for stem in ("metr", "gram", "litr")]
        + [("procento", ["procenta", "procentu", "procentem"])],
        "few": [(stem + "y", [stem + "ů", stem + "ům", stem + "ech"]) for stem in ("metr", "gram", "litr")]
        + [("stupně Celsia", ["stupňů Celsia", "stupňům Celsia", "stupni Celsia", "stupních Celsia"])]
        + [("procenta", ["procent", "procentům", "procenty", "procentech"])],
        "other": [(stem + "ů", [stem + "ům", stem + "y", stem + "ech"]) for stem in ("metr", "gram", "litr")]
        + [("stupňů Celsia", ["stupňům Celsia", "stupni Celsia", "stupních Celsia"])]
        + [("procent", ["procentům", "procenty", "procentech"])],
    },
    "ru": {
        "one": [(stem + tail, [stem + case + tail for case in ("а", "у", "ом", "е")]) for stem, _, tail in _RUSSIAN],
        "few": [
            (stem + "а" + tail, [stem + case + tail for case in (genitive, "ам", "ами", "ах")])
            for stem, genitive, tail in _RUSSIAN
        ]
        + [("мили", ["миль", "милям", "милями", "милях"])],
        "many": [
            (stem + genitive + tail, [stem + case + tail for case in ("ам", "ами", "ах")])
            for stem, genitive, tail in _RUSSIAN
        ]
        + [("грамм", ["граммов"]), ("миль", ["милям", "милями", "милях"])],
    },
    "uk": {
        "one": [
            (stem + tail, [stem + case + tail for case in ("а", "у", "ом", "і")])
            for stem, tail in (("метр", ""), ("грам", ""), ("літр", ""), ("градус", " Цельсія"))
        ]
        + [("відсоток", ["відсотка", "відсотку", "відсотком"])],
        "few": [
            (stem + "и" + tail, [stem + case + tail for case in ("ів", "ам", "ами", "ах")])
            for stem, tail in (("метр", ""), ("грам", ""), ("літр", ""), ("градус", " Цельсія"), ("відсотк", ""))
        ],
        "many": [
            (stem + "ів" + tail, [stem + case + tail for case in ("ам", "ами", "ах")])
            for stem, tail in (("метр", ""), ("грам", ""), ("літр", ""), ("градус", " Цельсія"), ("відсотк", ""))
        ],
    },
    "hu": {
        "other": [
            ("méter", ["métert", "méterrel", "méterig", "méterré"]),
            ("gramm", ["grammot", "grammal", "grammig"]),
            ("liter", ["litert", "literrel", "literig", "literré"]),
            ("Celsius-fok", ["Celsius-fokot", "Celsius-fokkal", "Celsius-fokig"]),
            ("százalék", ["százalékot", "százalékkal", "százalékig"]),
        ]
    },
}
