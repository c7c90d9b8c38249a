"""Rules that a row must meet. A rule is a pure function of a batch and the settings: which rows (bool) it drops.

Thresholds are chosen for localisation data: short strings, names and strings with placeholders are ordinary there, so
nothing is dropped for being short, without letters, or full of `%s`.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Callable, Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from towerplus.curate.rows import any_of, is_pair, mark, message_columns, texts
from towerplus.curate.settings import CurateSettings, Rule
from towerplus.languages import locales
from towerplus.text import arrays
from towerplus.text.hashing import content_hashes, word_hashes
from towerplus.text.placeholders import markers

RuleFunction = Callable[[pa.RecordBatch, CurateSettings], np.ndarray]

#: characters of a translation for one of English: medians over 480 to 41,000 messages of Debian's gettext catalogues
#: (20 to 400 characters), rounded to .05
EXPANSION = {
    "cs": 1.05, "da": 1.05, "de": 1.2, "en": 1.0, "es": 1.2, "fi": 1.1, "fr": 1.25, "hi": 1.0, "hu": 1.1, "is": 1.0,
    "it": 1.2, "ja": 0.65, "ko": 0.65, "nb": 1.05, "nl": 1.15, "nn": 1.05, "pl": 1.15, "pt": 1.1, "ro": 1.15,
    "ru": 1.15, "sv": 1.05, "uk": 1.15, "zh": 0.4,
}  # fmt: skip
#: characters added to both lengths, so that short strings may differ more: "OK" becomes "Einverstanden"
_SLACK = 10
_SCRIPTS = {
    "Latn": r"\p{Latin}",
    "Cyrl": r"\p{Cyrillic}",
    "Deva": r"\p{Devanagari}",
    "Hans": r"\p{Han}",
    "Hant": r"\p{Han}",
    "Jpan": r"[\p{Han}\p{Hiragana}\p{Katakana}]",
    "Kore": r"[\p{Hangul}\p{Han}]",
}
#: a repeated phrase is looked for up to this number of words
_LONGEST_PERIOD = 8
#: numbers up to here may be spelled out, or become the name of a month or an hour of the afternoon
_SPELLED = 12
_GROUPING = re.compile(r"(?<=\d)[.,'’\u00a0\u202f](?=\d{3}(?!\d))")
_DIGITS = re.compile(r"\d+")
_ASCII_WORD = re.compile("[A-Za-z]+")
#: printf conversions, whose widths are no numbers and whose letters are no words ("%s, %s, %s, %s, %s and others")
_PRINTF = r"%[-+#0-9.*$]*[A-Za-z]+"


def _pairs_only(rule: RuleFunction) -> RuleFunction:
    @functools.wraps(rule)
    def guarded(batch: pa.RecordBatch, settings: CurateSettings) -> np.ndarray:
        return rule(batch, settings) if is_pair(batch) else np.zeros(len(batch), bool)

    return guarded


def _lengths(array: pa.Array) -> np.ndarray:
    return pc.utf8_length(array).to_numpy(zero_copy_only=False)


def empty(batch: pa.RecordBatch, settings: CurateSettings) -> np.ndarray:
    """A text, side or message is empty or white space, or there is no message."""
    every, parents = texts(batch)
    blank = pc.equal(arrays.normalise(every), "").to_numpy(zero_copy_only=False)
    drop = any_of(blank, parents, len(batch))
    for name in message_columns(batch):
        drop |= pc.list_value_length(batch.column(name)).to_numpy(zero_copy_only=False) == 0
    return drop


def too_long(batch: pa.RecordBatch, settings: CurateSettings) -> np.ndarray:
    """A text or side has more characters than its kind may have, or the messages together more than a document."""
    every, parents = texts(batch)
    lengths = _lengths(every)
    if message_columns(batch):
        return np.bincount(parents, weights=lengths, minlength=len(batch)) > settings.max_document_chars
    document = pc.equal(batch.column("kind"), "document").to_numpy(zero_copy_only=False)
    limits = np.where(document, settings.max_document_chars, settings.max_chars)
    return any_of(lengths > limits[parents], parents, len(batch))


def _by_locale(column: pa.Array) -> Iterable[tuple[locales.Locale, np.ndarray]]:
    """The locales of a column and the rows that have each; an unknown one raises UserError."""
    encoded = pc.dictionary_encode(column)
    indices = encoded.indices.to_numpy(zero_copy_only=False)
    for number, tag in enumerate(encoded.dictionary.to_pylist()):
        yield locales.find(tag), indices == number


def _per_row(column: pa.Array, value: Callable[[locales.Locale], float]) -> np.ndarray:
    result = np.zeros(len(column))
    for locale, rows in _by_locale(column):
        result[rows] = value(locale)
    return result


@_pairs_only
def length_ratio(batch: pa.RecordBatch, settings: CurateSettings) -> np.ndarray:
    """A side is so many times longer than the lengths usual for its language lead to expect."""
    sides = []
    for side in ("source", "target"):
        usual = _per_row(batch.column(f"{side}_locale"), lambda locale: EXPANSION[locale.language])
        sides.append(_lengths(batch.column(side)) / usual + _SLACK)
    return np.abs(np.log(sides[0] / sides[1])) > np.log(settings.length_ratio)


@_pairs_only
def identical_sides(batch: pa.RecordBatch, settings: CurateSettings) -> np.ndarray:
    """Both sides have the same words, though in different languages, and more of them than a name has."""
    source, target = batch.column("source"), batch.column("target")
    languages = [_per_row(batch.column(f"{side}_locale"), _language_number) for side in ("source", "target")]
    words = np.diff(arrays.words(source)[1])
    same = content_hashes(source) == content_hashes(target)
    return same & (languages[0] != languages[1]) & (words >= settings.identical_words)


def _language_number(locale: locales.Locale) -> float:
    return sorted(EXPANSION).index("nb" if locale.language == "nn" else locale.language)


def _where(batch: pa.RecordBatch, pattern: str, differ: Callable[[str, str], bool]) -> np.ndarray:
    """`differ(source, target)` of the rows of which a side matches `pattern` (RE2), False elsewhere."""
    source, target = batch.column("source"), batch.column("target")
    hits = pc.or_(pc.match_substring_regex(source, pattern), pc.match_substring_regex(target, pattern))
    rows = np.flatnonzero(hits.to_numpy(zero_copy_only=False))
    drop = np.zeros(len(batch), bool)
    chosen = pa.array(rows)
    pairs = zip(source.take(chosen).to_pylist(), target.take(chosen).to_pylist(), strict=True)
    drop[rows] = [differ(one, other) for one, other in pairs]
    return drop


@_pairs_only
def markers_differ(batch: pa.RecordBatch, settings: CurateSettings) -> np.ndarray:
    """The sides do not have the same placeholders and tags, each as often."""
    return _where(batch, "[%{<]", lambda source, target: markers(source) != markers(target))


def numbers(text: str) -> Counter[int]:
    """The whole numbers of `text` in any script's digits, separators of thousands taken out."""
    return Counter(int(digits) for digits in _DIGITS.findall(_GROUPING.sub("", re.sub(_PRINTF, " ", text))))


def number_agreement(source: str, target: str) -> float:
    """Share of numbers that have a counterpart (Dice coefficient of the multisets). Numbers up to 12 without one do not
    count: they may be words on the other side."""
    one, other = numbers(source), numbers(target)
    shared = (one & other).total()
    alone = sum(count for value, count in ((one - other) + (other - one)).items() if value > _SPELLED)
    return 2 * shared / (2 * shared + alone) if shared or alone else 1.0


@_pairs_only
def digits_differ(batch: pa.RecordBatch, settings: CurateSettings) -> np.ndarray:
    """Too few of the numbers are on both sides."""
    return _where(batch, r"\p{Nd}", lambda source, target: number_agreement(source, target) < settings.digits)


def wrong_script(batch: pa.RecordBatch, settings: CurateSettings) -> np.ndarray:
    """Too few letters of a text or side are in the script of its locale. Texts without letters pass, and so do words
    that both sides of a pair have: names, commands, tags."""
    if message_columns(batch):
        return np.zeros(len(batch), bool)
    if not is_pair(batch):
        return _foreign(batch.column("text"), batch.column("locale"), settings.script)
    source, target = batch.column("source"), batch.column("target")
    tags = [batch.column("source_locale"), batch.column("target_locale")]
    drop = _foreign(source, tags[0], settings.script) | _foreign(target, tags[1], settings.script)
    rows = pa.array(np.flatnonzero(drop))
    pairs = zip(source.take(rows).to_pylist(), target.take(rows).to_pylist(), strict=True)
    own = [_own_words(one, other) for one, other in pairs]
    drop[rows.to_numpy()] = _foreign(arrays.as_array([one for one, _ in own]), tags[0].take(rows), settings.script)
    drop[rows.to_numpy()] |= _foreign(arrays.as_array([other for _, other in own]), tags[1].take(rows), settings.script)
    return drop


def _foreign(column: pa.Array, tags: pa.Array, share: float) -> np.ndarray:
    """Whether less than `share` of the letters of each text are in the script of its locale. A letter of a script that
    says more with fewer counts for more."""
    drop = np.zeros(len(column), bool)
    for locale, rows in _by_locale(tags):
        texts_ = column.filter(pa.array(rows))
        letters = pc.count_substring_regex(texts_, r"\p{L}").to_numpy(zero_copy_only=False)
        fitting = pc.count_substring_regex(texts_, _SCRIPTS[locale.script]).to_numpy(zero_copy_only=False)
        weight = max(1.0, 1 / EXPANSION[locale.language])
        drop[rows] = weight * fitting < share * (letters - fitting + weight * fitting)
    return drop


def _own_words(source: str, target: str) -> tuple[str, str]:
    """Both sides without the words of ASCII letters that they share."""
    words = [set(_ASCII_WORD.findall(text.lower())) for text in (source, target)]
    shared = words[0] & words[1]

    def without(text: str) -> str:
        return _ASCII_WORD.sub(lambda match: "" if match[0].lower() in shared else match[0], text)

    return without(source), without(target)


def repetition(batch: pa.RecordBatch, settings: CurateSettings) -> np.ndarray:
    """One to eight words follow themselves too many times, as in the loops of a language model."""
    every, parents = texts(batch)
    hashes, offsets = word_hashes(pc.replace_substring_regex(every, _PRINTF, " "))
    owner = np.repeat(np.arange(len(every)), np.diff(offsets))
    loops = np.zeros(len(every), bool)
    for period in range(1, _LONGEST_PERIOD + 1):
        again = (hashes[period:] == hashes[:-period]) & (owner[period:] == owner[:-period])
        edges = np.flatnonzero(np.diff(np.concatenate([[False], again, [False]]).astype(np.int8)))
        starts, ends = edges[::2], edges[1::2]
        loops[owner[starts[ends - starts >= period * (settings.repeats - 1)]]] = True
    return any_of(loops, parents, len(batch))


def no_preference(batch: pa.RecordBatch, settings: CurateSettings) -> np.ndarray:
    """The chosen and the rejected answer are the same."""
    if "chosen" not in batch.schema.names:
        return np.zeros(len(batch), bool)
    pairs = zip(batch.column("chosen").to_pylist(), batch.column("rejected").to_pylist(), strict=True)
    return np.fromiter((chosen == rejected for chosen, rejected in pairs), bool, len(batch))


RULES: dict[Rule, RuleFunction] = {
    "empty": empty,
    "too long": too_long,
    "length ratio": length_ratio,
    "identical sides": identical_sides,
    "markers differ": markers_differ,
    "digits differ": digits_differ,
    "wrong script": wrong_script,
    "repetition": repetition,
    "no preference": no_preference,
}


def apply(batch: pa.RecordBatch, settings: CurateSettings) -> pa.RecordBatch:
    """A step: the batch with the column `reason`, the first rule of `settings.rules` that drops the row, else empty."""
    for name in settings.rules:
        batch = mark(batch, RULES[name](batch, settings), name)
    return batch
