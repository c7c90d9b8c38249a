"""German: three genders, four cases (the genitive is not needed), verb second, verb bracket, separable verbs."""

# ruff: noqa: RUF012 (class tables are constants)
from __future__ import annotations

import re

from towerplus.corpora.toy.language.grammar import Grammar, Options, Subject
from towerplus.corpora.toy.language.lexicon import human_gender
from towerplus.corpora.toy.language.meaning import Meaning, Thing
from towerplus.corpora.toy.language.rendering import Line, Part, attach, choice
from towerplus.corpora.toy.language.tables import Noun, nouns

#: lexeme: noun, gender, plural; `w` marks the weak declension (den Bauern); after `|` a synonym
NOUNS = nouns("""
man: Mann m Männer
woman: Frau f Frauen
boy: Junge m Jungen w
girl: Mädchen n Mädchen
mother: Mutter f Mütter
father: Vater m Väter
sister: Schwester f Schwestern
brother: Bruder m Brüder
grandmother: Großmutter f Großmütter | Oma f Omas
grandfather: Großvater m Großväter | Opa m Opas
aunt: Tante f Tanten
uncle: Onkel m Onkel
doctor: Ärztin f Ärztinnen | Arzt m Ärzte
baker: Bäckerin f Bäckerinnen | Bäcker m Bäcker
gardener: Gärtnerin f Gärtnerinnen | Gärtner m Gärtner
farmer: Bäuerin f Bäuerinnen | Bauer m Bauern w
singer: Sängerin f Sängerinnen | Sänger m Sänger
teacher: Lehrer m Lehrer | Lehrerin f Lehrerinnen
student: Student m Studenten w | Studentin f Studentinnen
cook: Koch m Köche | Köchin f Köchinnen
neighbor: Nachbar m Nachbarn w | Nachbarin f Nachbarinnen
driver: Fahrer m Fahrer | Fahrerin f Fahrerinnen
inhabitant: Einwohner m Einwohner
dog: Hund m Hunde
cat: Katze f Katzen
horse: Pferd n Pferde
cow: Kuh f Kühe
bird: Vogel m Vögel
duck: Ente f Enten
rabbit: Kaninchen n Kaninchen | Hase m Hasen w
goat: Ziege f Ziegen
apple: Apfel m Äpfel
pear: Birne f Birnen
orange: Orange f Orangen | Apfelsine f Apfelsinen
tomato: Tomate f Tomaten
egg: Ei n Eier
lemon: Zitrone f Zitronen
cake: Kuchen m Kuchen | Torte f Torten
bread: Brot n Brote
cheese: Käse m Käse
rice: Reis m Reis
soup: Suppe f Suppen
fish: Fisch m Fische
coffee: Kaffee m Kaffees
tea: Tee m Tees
milk: Milch f Milch
water: Wasser n Wasser
juice: Saft m Säfte
book: Buch n Bücher
letter: Brief m Briefe
newspaper: Zeitung f Zeitungen
key: Schlüssel m Schlüssel
bag: Tasche f Taschen | Beutel m Beutel
chair: Stuhl m Stühle
table: Tisch m Tische
lamp: Lampe f Lampen | Leuchte f Leuchten
camera: Kamera f Kameras | Fotoapparat m Fotoapparate
cup: Tasse f Tassen | Becher m Becher
glass: Glas n Gläser
bottle: Flasche f Flaschen
plate: Teller m Teller
phone: Telefon n Telefone | Handy n Handys
computer: Computer m Computer | Rechner m Rechner
bicycle: Fahrrad n Fahrräder | Rad n Räder
car: Auto n Autos | Wagen m Wagen
umbrella: Regenschirm m Regenschirme | Schirm m Schirme
ticket: Ticket n Tickets | Fahrkarte f Fahrkarten
passport: Pass m Pässe | Reisepass m Reisepässe
shirt: Hemd n Hemden
hat: Hut m Hüte
coat: Mantel m Mäntel
flower: Blume f Blumen
box: Kiste f Kisten | Schachtel f Schachteln
gift: Geschenk n Geschenke
photo: Foto n Fotos | Bild n Bilder
ball: Ball m Bälle
knife: Messer n Messer
spoon: Löffel m Löffel
door: Tür f Türen
window: Fenster n Fenster
bed: Bett n Betten
house: Haus n Häuser
kitchen: Küche f Küchen
garden: Garten m Gärten
school: Schule f Schulen
market: Markt m Märkte
park: Park m Parks
station: Bahnhof m Bahnhöfe
library: Bibliothek f Bibliotheken | Bücherei f Büchereien
hospital: Krankenhaus n Krankenhäuser | Klinik f Kliniken
office: Büro n Büros
shop: Laden m Läden | Geschäft n Geschäfte
restaurant: Restaurant n Restaurants
village: Dorf n Dörfer
city: Stadt f Städte
hotel: Hotel n Hotels
room: Zimmer n Zimmer | Raum m Räume
airport: Flughafen m Flughäfen
museum: Museum n Museen
castle: Schloss n Schlösser | Burg f Burgen
meeting: Besprechung f Besprechungen | Treffen n Treffen
concert: Konzert n Konzerte
exam: Prüfung f Prüfungen | Klausur f Klausuren
party: Feier f Feiern | Party f Partys
course: Kurs m Kurse | Lehrgang m Lehrgänge
wedding: Hochzeit f Hochzeiten
train: Zug m Züge
bus: Bus m Busse
""")
#: place: in, to; `|` separates what is accepted besides
PLACES = {
    "house": ("im Haus", "zum Haus"), "kitchen": ("in der Küche", "in die Küche"),
    "garden": ("im Garten", "in den Garten"), "school": ("in der Schule", "zur Schule|in die Schule"),
    "market": ("auf dem Markt", "zum Markt|auf den Markt"), "park": ("im Park", "in den Park|zum Park"),
    "station": ("am Bahnhof|im Bahnhof|auf dem Bahnhof", "zum Bahnhof"),
    "library": ("in der Bibliothek|in der Bücherei", "in die Bibliothek|zur Bibliothek|in die Bücherei"),
    "hospital": ("im Krankenhaus|in der Klinik", "ins Krankenhaus|zum Krankenhaus"),
    "office": ("im Büro", "ins Büro|zum Büro"),
    "shop": ("im Laden|im Geschäft", "in den Laden|zum Laden|ins Geschäft|zum Geschäft"),
    "restaurant": ("im Restaurant", "ins Restaurant|zum Restaurant"), "village": ("im Dorf", "ins Dorf"),
    "city": ("in der Stadt", "in die Stadt"), "hotel": ("im Hotel", "zum Hotel|ins Hotel"),
    "room": ("im Zimmer|im Raum", "ins Zimmer"), "airport": ("am Flughafen|auf dem Flughafen", "zum Flughafen"),
    "museum": ("im Museum", "ins Museum|zum Museum"), "castle": ("im Schloss|in der Burg", "zum Schloss|zur Burg"),
    "box": ("in der Kiste|in der Schachtel", ""), "bag": ("in der Tasche|im Beutel", ""),
}  # fmt: skip
CITIES = {"Rome": "Rom", "Lisbon": "Lissabon", "Vienna": "Wien", "Prague": "Prag"}
#: verb: infinitive, he, they, participle, past he, past they; `+` stands before the stem of a separable verb
VERBS = {
    name: row.split()
    for name, row in {
        "eat": "essen isst essen gegessen aß aßen", "drink": "trinken trinkt trinken getrunken trank tranken",
        "buy": "kaufen kauft kaufen gekauft kaufte kauften",
        "sell": "verkaufen verkauft verkaufen verkauft verkaufte verkauften",
        "read": "lesen liest lesen gelesen las lasen", "write": "schreiben schreibt schreiben geschrieben schrieb "
        "schrieben",
        "find": "finden findet finden gefunden fand fanden",
        "lose": "verlieren verliert verlieren verloren verlor verloren",
        "forget": "vergessen vergisst vergessen vergessen vergaß vergaßen",
        "look_for": "suchen sucht suchen gesucht suchte suchten", "see": "sehen sieht sehen gesehen sah sahen",
        "wash": "waschen wäscht waschen gewaschen wusch wuschen",
        "repair": "reparieren repariert reparieren repariert reparierte reparierten",
        "paint": "streichen streicht streichen gestrichen strich strichen",
        "open": "öffnen öffnet öffnen geöffnet öffnete öffneten",
        "close": "schließen schließt schließen geschlossen schloss schlossen",
        "bring": "mit+bringen bringt bringen mitgebracht brachte brachten",
        "pick_up": "ab+holen holt holen abgeholt holte holten",
        "cook": "kochen kocht kochen gekocht kochte kochten",
        "need": "brauchen braucht brauchen gebraucht brauchte brauchten",
        "give": "geben gibt geben gegeben gab gaben", "show": "zeigen zeigt zeigen gezeigt zeigte zeigten",
        "send": "schicken schickt schicken geschickt schickte schickten",
        "go": "gehen geht gehen gegangen ging gingen", "live": "wohnen wohnt wohnen gewohnt wohnte wohnten",
        "work": "arbeiten arbeitet arbeiten gearbeitet arbeitete arbeiteten",
        "sleep": "schlafen schläft schlafen geschlafen schlief schliefen",
        "play": "spielen spielt spielen gespielt spielte spielten",
        "wait": "warten wartet warten gewartet wartete warteten",
        "begin": "beginnen beginnt beginnen begonnen begann begannen",
        "end": "enden endet enden geendet endete endeten",
        "depart": "ab+fahren fährt fahren abgefahren fuhr fuhren",
        "arrive": "an+kommen kommt kommen angekommen kam kamen",
        "rise": "steigen steigt steigen gestiegen stieg stiegen", "fall": "sinken sinkt sinken gesunken sank sanken",
    }.items()
}  # fmt: skip
WITH_SEIN = frozenset(("go", "depart", "arrive", "rise", "fall"))
ADJECTIVES = {
    "red": "rot", "green": "grün", "blue": "blau", "white": "weiß", "black": "schwarz", "big": "groß", "small": "klein",
    "new": "neu", "old": "alt", "young": "jung", "fresh": "frisch", "hot": "heiß", "cold": "kalt",
    "expensive": "teuer", "cheap": "billig|günstig", "tired": "müde", "happy": "glücklich", "sick": "krank",
    "clean": "sauber", "dirty": "schmutzig", "open": "geöffnet|offen", "closed": "geschlossen", "heavy": "schwer",
}  # fmt: skip
STEMS = {"expensive": "teur", "cheap": "billig", "tired": "müd"}
COMPARATIVES = {"big": "größer", "small": "kleiner", "old": "älter", "young": "jünger", "expensive": "teurer",
                "cheap": "billiger|günstiger", "heavy": "schwerer"}  # fmt: skip
NUMBERS = ("", "ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn")
TIMES = {
    "yesterday": "gestern", "today": "heute", "tomorrow": "morgen", "last_week": "letzte Woche",
    "next_week": "nächste Woche", "this_morning": "heute Morgen", "this_evening": "heute Abend",
    "every_day": "jeden Tag", "often": "oft|häufig", "monday": "am Montag", "tuesday": "am Dienstag",
    "wednesday": "am Mittwoch", "thursday": "am Donnerstag", "friday": "am Freitag", "saturday": "am Samstag",
    "sunday": "am Sonntag",
}  # fmt: skip
DEFINITE = {
    "nom": ("der", "die", "das", "die"),
    "acc": ("den", "die", "das", "die"),
    "dat": ("dem", "der", "dem", "den"),
}
MIXED = {"nom": ("", "e", "", "e"), "acc": ("en", "e", "", "e"), "dat": ("em", "er", "em", "en")}
#: endings of adjectives after the definite article, after ein/mein/kein, and without an article: m f n plural
WEAK = {"nom": ("e", "e", "e", "en"), "acc": ("en", "e", "e", "en"), "dat": ("en", "en", "en", "en")}
AFTER_EIN = {"nom": ("er", "e", "es", "en"), "acc": ("en", "e", "es", "en"), "dat": ("en", "en", "en", "en")}
STRONG = {"nom": ("er", "e", "es", "e"), "acc": ("en", "e", "es", "e"), "dat": ("em", "er", "em", "en")}


def dative_plural(plural: str) -> str:
    return plural if plural[-1] in "ns" else plural + "n"


class German(Grammar):
    locale = "de"

    table = NOUNS

    def citation(self, noun: Noun) -> str:
        return f"{DEFINITE['nom']['mfn'.index(noun.gender)]} {noun.singular}"

    def inflected(self, lexeme: str, noun: Noun) -> tuple[str, ...]:
        return tuple(self.form(noun, case, many) for many in (False, True) for case in ("nom", "acc", "dat"))

    # -- noun phrases --------------------------------------------------------------------------------------------------

    def form(self, noun: Noun, case: str, plural: bool) -> str:
        if plural:
            return dative_plural(noun.plural) if case == "dat" else noun.plural
        if "w" in noun.marks and case != "nom":
            return noun.singular + ("n" if noun.singular[-1] in "er" else "en")
        return noun.singular

    def phrase(self, noun: Noun, thing: Thing, case: str, o: Options, negative: bool = False) -> str:
        many = thing.plural or thing.det == "count"
        index = 3 if many else "mfn".index(noun.gender)
        det, endings = "", STRONG
        if thing.det == "the":
            det, endings = DEFINITE[case][index], WEAK
        elif thing.det in ("a", "none") and negative:
            det, endings = "kein" + MIXED[case][index], AFTER_EIN
        elif thing.det == "a":
            det, endings = "ein" + MIXED[case][index], AFTER_EIN
        elif thing.det == "my":
            det, endings = "mein" + MIXED[case][index], AFTER_EIN
        elif thing.det == "your":
            stem = "Ihr" if o.register == "formal" else "dein"
            det, endings = stem + MIXED[case][index], AFTER_EIN
        elif thing.count:
            det = NUMBERS[thing.count]
        words = [det] if det else []
        if thing.adjective:
            stem = STEMS.get(thing.adjective) or ADJECTIVES[thing.adjective]
            words.append(stem + endings[case][index])
        return " ".join([*words, self.form(noun, case, many)])

    def candidates(self, thing: Thing, o: Options) -> list[Noun]:
        return NOUNS.choose(thing, thing.lexeme in o.terms)

    def noun_phrase(self, thing: Thing, case: str, o: Options, negative: bool = False) -> Part:
        if thing.det == "name":
            return thing.lexeme
        return tuple(self.phrase(noun, thing, case, o, negative) for noun in self.candidates(thing, o))

    def subjects(self, thing: Thing, options: Options) -> list[Subject]:
        if thing.det == "we":
            return [Subject("wir", "", True, 1)]
        if thing.det == "name":
            return [Subject(thing.lexeme, human_gender(thing.lexeme))]
        many = thing.plural or thing.det == "count"
        if thing.det == "pronoun":
            return [
                Subject("sie" if many else {"m": "er", "f": "sie", "n": "es"}[g], g, many, pronoun=True)
                for g in self.pronoun_genders(thing, options)
            ]
        return [
            Subject(self.phrase(noun, thing, "nom", options), noun.gender, many)
            for noun in self.candidates(thing, options)
        ]

    def pronoun_genders(self, thing: Thing, o: Options) -> list[str]:
        if human := thing.gender or human_gender(thing.lexeme):
            return [human]
        return [noun.gender for noun in self.candidates(thing, o)[:1]]

    def object(self, thing: Thing, meaning: Meaning, options: Options) -> Part:
        return self.noun_phrase(thing, "acc", options, meaning.negative)

    def inside(self, place: Thing) -> Part:
        if place.det == "name":
            return f"in {self.city(place)}"
        return choice(PLACES[place.lexeme][0])

    def city(self, place: Thing) -> str:
        return CITIES.get(place.lexeme, place.lexeme)

    def towards(self, place: Thing) -> Part:
        return choice(PLACES[place.lexeme][1])

    def when(self, time: str) -> Part:
        return choice(TIMES[time])

    # -- the clause ----------------------------------------------------------------------------------------------------

    def brackets(self, m: Meaning, s: Subject) -> list[tuple[str, str]]:
        """The finite verb and the right bracket (infinitive, participle, prefix), preferred first."""
        infinitive, he, they, participle, he_past, they_past = VERBS[m.verb]
        prefix, _, stem = infinitive.rpartition("+")
        infinitive, many = prefix + stem, s.plural
        if m.mood:
            modal = {"want": ("will", "wollen"), "can": ("kann", "können"), "must": ("muss", "müssen")}[m.mood][many]
            return [(modal, infinitive)]
        present = (they if many else he, prefix)
        if m.tense == "present":
            return [present]
        if m.tense == "future":
            return [("werden" if many else "wird", infinitive), present]
        helper = ("sind" if many else "ist") if m.verb in WITH_SEIN else ("haben" if many else "hat")
        return [(helper, participle), (they_past if many else he_past, prefix)]

    def clause(self, m: Meaning, s: Subject, middle: list[Part], time: Part, definite: Part = "") -> list[Line]:
        """Verb second: the subject or the time in front; a definite object stands before the time."""
        lines: list[Line] = []
        for finite, right in self.brackets(m, s):
            lines.append((s.text, finite, definite, time, *middle, right))
            if definite and time:
                lines.append((s.text, finite, time, definite, *middle, right))
            if time:
                lines.append((time, finite, s.text, definite, *middle, right))
        return lines

    def _middle(self, m: Meaning, o: Options, s: Subject) -> tuple[list[Part], Part]:
        """What stands in the middle field, and the object that goes before the time because it is definite."""
        place = self.inside(m.place) if m.place else ""
        if m.object is None:
            return ["nicht" if m.negative else "", place], ""
        thing = self.object(m.object, m, o)
        known = m.object.det in ("the", "my", "your", "name")
        if known:
            return ["nicht" if m.negative else "", place], thing
        return [place, thing], ""

    def act(self, m: Meaning, o: Options) -> list[Line]:
        time = self.when(m.time) if m.time else ""
        made = []
        for s in self.subjects(m.subject, o):
            middle, known = self._middle(m, o, s)
            made += self.clause(m, s, middle, time, known)
        return made

    stay = act

    def go(self, m: Meaning, o: Options) -> list[Line]:
        time = self.when(m.time) if m.time else ""
        return [line for s in self.subjects(m.subject, o) for line in self.clause(m, s, [self.towards(m.place)], time)]

    def give(self, m: Meaning, o: Options) -> list[Line]:
        time = self.when(m.time) if m.time else ""
        to, thing = self.noun_phrase(m.recipient, "dat", o), self.noun_phrase(m.object, "acc", o)
        made: list[Line] = []
        for s in self.subjects(m.subject, o):
            for finite, right in self.brackets(m, s):
                made.append((s.text, finite, to, time, thing, right))
                if time:
                    made.append((s.text, finite, time, to, thing, right))
                    made.append((time, finite, s.text, to, thing, right))
        return made

    def who(self, m: Meaning, o: Options) -> list[Line]:
        s = Subject("wer", "m")
        middle, known = self._middle(m, o, s)
        time = self.when(m.time) if m.time else ""
        return [self.question((s.text, finite, known, time, *middle, right)) for finite, right in self.brackets(m, s)]

    def did(self, m: Meaning, o: Options) -> list[Line]:
        time = self.when(m.time) if m.time else ""
        made = []
        for s in self.subjects(m.subject, o):
            middle, known = self._middle(m, o, s)
            for finite, right in self.brackets(m, s):
                made.append(self.question((finite, s.text, known, time, *middle, right)))
                if known and time:
                    made.append(self.question((finite, s.text, time, known, *middle, right)))
        return made

    def where(self, m: Meaning, o: Options) -> list[Line]:
        verbs = ("sind",) if m.subject.plural else ("ist",)
        return [self.question(("wo", verbs, self.noun_phrase(m.subject, "nom", o)))]

    def exist(self, m: Meaning, o: Options) -> list[Line]:
        many = m.object.plural or m.object.det == "count"
        place, thing = self.inside(m.place), self.noun_phrase(m.object, "acc", o)
        who = self.noun_phrase(m.object, "nom", o)
        return [
            (place, "gibt es", thing),
            ("es gibt", place, thing),
            ("es gibt", thing, place),
            (place, "sind" if many else "ist", who),
        ]

    def have(self, m: Meaning, o: Options) -> list[Line]:
        return [
            (s.text, "haben" if s.plural else "hat", self.noun_phrase(m.object, "acc", o))
            for s in self.subjects(m.subject, o)
        ]

    def attr(self, m: Meaning, o: Options) -> list[Line]:
        time = self.when(m.time) if m.time else ""
        word = choice(ADJECTIVES[m.adjective])
        made: list[Line] = []
        for s in self.subjects(m.subject, o):
            be = {"present": ("ist", "sind"), "past": ("war", "waren")}[m.tense][s.plural]
            made.append((s.text, be, time, word))
            if time:
                made.append((time, be, s.text, word))
        return made

    def isa(self, m: Meaning, o: Options) -> list[Line]:
        made: list[Line] = []
        for s in self.subjects(m.subject, o):
            gender = human_gender(m.subject.lexeme)
            noun = next(n for n in self.candidates(m.object, o) if n.gender == gender)
            made.append((s.text, "ist", noun.singular))
        return made

    def compare(self, m: Meaning, o: Options) -> list[Line]:
        other = attach("als", self.noun_phrase(m.object, "nom", o))
        return [
            (s.text, "sind" if s.plural else "ist", choice(COMPARATIVES[m.adjective]), other)
            for s in self.subjects(m.subject, o)
        ]

    # -- values ------------------------------------------------------------------------------------------------------

    def price(self, m: Meaning, o: Options) -> list[Line]:
        made: list[Line] = []
        for s in self.subjects(m.subject, o):
            if m.tense == "past":
                made.append((s.text, "haben" if s.plural else "hat", self.value(m, o), "gekostet"))
                made.append((s.text, "kosteten" if s.plural else "kostete", self.value(m, o)))
            else:
                made.append((s.text, "kosten" if s.plural else "kostet", self.value(m, o)))
        return made

    def weigh(self, m: Meaning, o: Options) -> list[Line]:
        return [(s.text, "wiegt", self.value(m, o)) for s in self.subjects(m.subject, o)]

    def distance(self, m: Meaning, o: Options) -> list[Line]:
        origin = attach("von", self.noun_phrase(m.object, "dat", o))
        made: list[Line] = []
        for s in self.subjects(m.subject, o):
            made += [
                (s.text, "ist", self.value(m, o), origin, "entfernt"),
                (s.text, "liegt", self.value(m, o), origin, "entfernt"),
            ]
        return made

    def temperature(self, m: Meaning, o: Options) -> list[Line]:
        be, place, time = ("waren" if m.time == "yesterday" else "sind"), self.inside(m.place), self.when(m.time)
        is_, value = ("war" if m.time == "yesterday" else "ist"), self.value(m, o)
        return [
            (place, be, "es", time, value),
            (time, be, "es", place, value),
            ("es", be, time, place, value),
            ("es", be, time, value, place),
            (time, is_, "es", place, value),
            (place, is_, "es", time, value),
        ]

    def weather(self, m: Meaning, o: Options) -> list[Line]:
        past, place, time = m.time == "yesterday", self.inside(m.place), self.when(m.time)
        if m.verb in ("rain", "snow"):
            stem = {"rain": "regne", "snow": "schnei"}[m.verb]
            pairs = [("hat", f"ge{stem}t"), (stem + "te", "")] if past else [(stem + "t", "")]
        else:
            pairs = [("war" if past else "ist", ADJECTIVES.get(m.verb, "warm"))]
        made: list[Line] = []
        for finite, right in pairs:
            made += [
                (place, finite, "es", time, right),
                (time, finite, "es", place, right),
                ("es", finite, time, place, right),
            ]
        return made

    def population(self, m: Meaning, o: Options) -> list[Line]:
        return [
            (s.text, "hat", self.value(m, o), NOUNS.first(m.object.lexeme).plural) for s in self.subjects(m.subject, o)
        ]

    def percent(self, m: Meaning, o: Options) -> list[Line]:
        participle, past, time = VERBS[m.verb][3], VERBS[m.verb][4], self.when(m.time)
        price = attach("der Preis für", self.noun_phrase(m.object, "acc", o))
        value = attach("um", self.value(m, o))
        return [
            (price, "ist", time, value, participle),
            (time, "ist", price, value, participle),
            (price, past, time, value),
            (time, past, price, value),
        ]

    def date(self, m: Meaning, o: Options) -> list[Line]:
        verb = choice("ist|findet") if m.verb == "be" else VERBS[m.verb][1]
        when = attach("am", self.value(m, o))
        made: list[Line] = []
        for s in self.subjects(m.subject, o):
            if m.verb == "be":
                made += [(s.text, "ist", when), (s.text, "findet", when, "statt")]
            else:
                made.append((s.text, verb, when))
        return made

    def at(self, m: Meaning, o: Options) -> Part:
        """At a time of the clock: um 15:30 Uhr."""
        times = self.value(m, o)
        return choice(*(f"um {time} Uhr" for time in times if time[-1].isdigit()), *(f"um {time}" for time in times))

    def clock(self, m: Meaning, o: Options) -> list[Line]:
        infinitive, he = VERBS[m.verb][:2]
        prefix = infinitive.rpartition("+")[0]
        when, day = self.at(m, o), (self.when(m.time) if m.time else "")
        made: list[Line] = []
        for s in self.subjects(m.subject, o):
            made.append((s.text, he, day, when, prefix))
            if day:
                made.append((day, he, s.text, when, prefix))
        return made

    def appointment(self, m: Meaning, o: Options) -> list[Line]:
        day = self.when(m.time) if m.time else ""
        when = attach("am", self.value(m, o)) if m.unit == "date" else self.at(m, o)
        made: list[Line] = []
        for s in self.subjects(m.subject, o):
            have = "haben" if s.plural else "hat"
            made.append((s.text, have, day, when, "einen Termin"))
            if day:
                made.append((day, have, s.text, when, "einen Termin"))
        return made

    def join(self, text: str) -> str:
        return CONTRACTION.sub(lambda found: CONTRACTED[found[0]], text)

    # -- address -----------------------------------------------------------------------------------------------------

    neutral = frozenset(("einen",))
    pronouns = {
        "formal": ("sie", "ihnen", "ihr", "ihre", "ihren", "ihrem", "ihrer"),
        "informal": ("du", "dir", "dich", "dein", "deine", "deinen", "deinem", "deiner"),
    }
    openings = {
        "formal": {"hello": "Guten Tag", "excuse": "Entschuldigen Sie"},
        "informal": {"hello": "Hallo", "excuse": "Entschuldige"},
    }
    closings = {
        "formal": {"thanks": "Haben Sie vielen Dank.", "day": "Ich wünsche Ihnen einen schönen Tag.",
                   "regards": "Mit freundlichen Grüßen"},
        "informal": {"thanks": "Danke dir.", "day": "Hab einen schönen Tag.", "regards": "Liebe Grüße"},
    }  # fmt: skip
    #: second person and imperative, with the right bracket's prefix: du, imperative of du
    ADDRESSED = {
        "show": ("zeigst", "zeig"), "send": ("schickst", "schick"), "bring": ("bringst", "bring"),
        "open": ("öffnest", "öffne"), "close": ("schließt", "schließ"), "sell": ("verkaufst", "verkauf"),
        "wash": ("wäschst", "wasch"), "repair": ("reparierst", "reparier"), "pick_up": ("holst", "hol"),
        "read": ("liest", "lies"), "need": ("brauchst", ""), "look_for": ("suchst", ""), "find": ("findest", ""),
    }  # fmt: skip

    def _verb(self, verb: str) -> tuple[str, str]:
        """Plain infinitive and separable prefix."""
        prefix, _, stem = VERBS[verb][0].rpartition("+")
        return prefix + stem, prefix

    def _me(self, m: Meaning) -> str:
        return "mir" if m.verb in ("show", "send", "bring", "sell") else ""

    def ask_can(self, m: Meaning, o: Options) -> list[Line]:
        time, thing = (self.when(m.time) if m.time else ""), self.noun_phrase(m.object, "acc", o)
        can = ("können Sie", "könnten Sie") if o.register == "formal" else ("kannst du", "könntest du")
        infinitive = self._verb(m.verb)[0]
        cores: list[Line] = [(can, self._me(m), time, thing, infinitive)]
        if time:
            cores.append((can, self._me(m), thing, time, infinitive))
        return self.address(m, o, cores, True)

    def ask_please(self, m: Meaning, o: Options) -> list[Line]:
        time, thing = (self.when(m.time) if m.time else ""), self.noun_phrase(m.object, "acc", o)
        infinitive, prefix = self._verb(m.verb)
        verb = infinitive[len(prefix) :] + " Sie" if o.register == "formal" else self.ADDRESSED[m.verb][1]
        cores: list[Line] = [
            ("bitte", verb, self._me(m), time, thing, prefix),
            (verb, self._me(m), "bitte", time, thing, prefix),
        ]
        if time:
            cores.append(("bitte", verb, self._me(m), thing, time, prefix))
        return self.address(m, o, cores, False)

    def you_lost(self, m: Meaning, o: Options) -> list[Line]:
        thing, place = self.noun_phrase(m.object, "acc", o), self.inside(m.place)
        have = "Sie haben" if o.register == "formal" else "du hast"
        return self.address(m, o, [(have, thing, place, VERBS[m.verb][3])], False)

    def you_where(self, m: Meaning, o: Options) -> list[Line]:
        have = "wo haben Sie" if o.register == "formal" else "wo hast du"
        return self.address(m, o, [(have, self.noun_phrase(m.object, "acc", o), VERBS[m.verb][3])], True)

    def you_want(self, m: Meaning, o: Options) -> list[Line]:
        time, thing = (self.when(m.time) if m.time else ""), self.noun_phrase(m.object, "acc", o)
        formal = o.register == "formal"
        if m.verb == "look_for":
            return self.address(m, o, [("suchen Sie" if formal else "suchst du", thing)], True)
        want = ("möchten Sie", "wollen Sie") if formal else ("willst du", "möchtest du")
        infinitive = self._verb(m.verb)[0]
        cores: list[Line] = [(want, time, thing, infinitive)]
        if time:
            cores.append((want, thing, time, infinitive))
        return self.address(m, o, cores, True)

    def you_must(self, m: Meaning, o: Options) -> list[Line]:
        thing, place = self.noun_phrase(m.object, "acc", o), self.inside(m.place)
        must = "Sie müssen" if o.register == "formal" else "du musst"
        infinitive = self._verb(m.verb)[0]
        return self.address(m, o, [(must, thing, place, infinitive), (must, place, thing, infinitive)], False)


CONTRACTED = {"von dem": "vom", "in dem": "im", "zu der": "zur", "zu dem": "zum"}
CONTRACTION = re.compile(r"\b(von dem|in dem|zu dem|zu der)\b")
