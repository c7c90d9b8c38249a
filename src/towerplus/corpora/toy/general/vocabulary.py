"""The words of the toy world's general side: few enough that a very small model meets each one often."""

from __future__ import annotations

WOMEN = ("Anna", "Clara", "Emma", "Greta", "Ida", "Lena", "Nina", "Paula", "Rosa", "Vera")
MEN = ("Bruno", "David", "Felix", "Hugo", "Jonas", "Leo", "Marco", "Oscar", "Simon", "Tom")
PEOPLE = WOMEN + MEN

#: animal -> (adjective, what it does, what it eats, where it lives, number of legs)
ANIMALS: dict[str, tuple[str, str, str, str, int]] = {
    "bear": ("strong", "walks", "honey", "in the forest", 4),
    "bird": ("small", "flies", "corn", "in the tree", 2),
    "cat": ("quiet", "sleeps", "fish", "in the house", 4),
    "cow": ("big", "walks", "grass", "on the farm", 4),
    "dog": ("good", "runs", "meat", "in the house", 4),
    "duck": ("small", "swims", "corn", "on the lake", 2),
    "fish": ("quiet", "swims", "plants", "in the river", 0),
    "frog": ("small", "jumps", "flies", "in the river", 4),
    "goat": ("strong", "jumps", "grass", "on the hill", 4),
    "horse": ("big", "runs", "grass", "on the farm", 4),
    "lion": ("strong", "runs", "meat", "on the plain", 4),
    "mouse": ("small", "runs", "cheese", "in the house", 4),
    "rabbit": ("quiet", "jumps", "grass", "in the forest", 4),
    "sheep": ("good", "walks", "grass", "on the hill", 4),
}
#: city -> country
CITIES: dict[str, str] = {
    "Berlin": "Germany",
    "Hamburg": "Germany",
    "Lisbon": "Portugal",
    "London": "England",
    "Lyon": "France",
    "Madrid": "Spain",
    "Milan": "Italy",
    "Oslo": "Norway",
    "Paris": "France",
    "Porto": "Portugal",
    "Rome": "Italy",
    "Vienna": "Austria",
}
COLOURS = ("black", "blue", "brown", "green", "gray", "pink", "purple", "red", "white", "yellow")
FOODS = ("bread", "butter", "cake", "cheese", "honey", "milk", "rice", "salad", "soup", "sugar")
JOBS = (
    "baker",
    "dancer",
    "doctor",
    "driver",
    "farmer",
    "judge",
    "nurse",
    "painter",
    "pilot",
    "singer",
    "teacher",
    "writer",
)
PETS = ("bird", "cat", "dog", "goat", "horse", "mouse", "rabbit")
VEHICLES = ("bike", "boat", "bus", "car", "plane", "ship", "train", "truck")
THINGS = ("bag", "bed", "book", "box", "chair", "clock", "cup", "door", "key", "lamp", "spoon", "table")

#: category -> its members; no word is in two of them
CATEGORIES: dict[str, tuple[str, ...]] = {
    "animal": tuple(ANIMALS),
    "color": COLOURS,
    "food": FOODS,
    "job": JOBS,
    "vehicle": VEHICLES,
    "city": tuple(CITIES),
}
PLURALS = {
    "animal": "animals",
    "color": "colors",
    "food": "foods",
    "job": "jobs",
    "vehicle": "vehicles",
    "city": "cities",
}
#: words to count, sort, reverse and pick from. Few: a word has one token after a space and another at the head of an
#: answer, and a very small model learns to copy only the words that it has copied often.
WORDS = tuple(sorted({*ANIMALS, *COLOURS, *FOODS, *VEHICLES}))
#: words that casing is asked of: capitals are pieces of their own to a byte-level BPE, so each word must be seen
CASED = (*ANIMALS, *COLOURS)

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
)
ONES = (*_ONES.split(), "eighteen", "nineteen")
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def number_word(number: int) -> str:
    """0..99 in words: 47 -> forty-seven."""
    if number < 20:
        return ONES[number]
    ten, one = divmod(number, 10)
    return TENS[ten - 2] + (f"-{ONES[one]}" if one else "")
