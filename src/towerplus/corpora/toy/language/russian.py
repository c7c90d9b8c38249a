"""Russian: cases (all but the instrumental), animacy, numerals that govern case, past tense by gender, aspect."""

# ruff: noqa: RUF012 (class tables are constants)
from __future__ import annotations

from dataclasses import dataclass

from towerplus.corpora.toy.language.grammar import Grammar, Options, Subject
from towerplus.corpora.toy.language.lexicon import NAMES as PEOPLE_NAMES
from towerplus.corpora.toy.language.lexicon import human_gender
from towerplus.corpora.toy.language.meaning import Meaning, Thing
from towerplus.corpora.toy.language.rendering import Line, Part, attach, choice
from towerplus.corpora.toy.language.tables import Noun, Nouns, nouns

#: lexeme: noun, gender, nominative plural, then: a animate, i inanimate, x indeclinable; genitive plural; where it is
#: irregular, genitive singular
TABLE = """
man: мужчина m мужчины a,мужчин
woman: женщина f женщины a,женщин
boy: мальчик m мальчики a,мальчиков
girl: девочка f девочки a,девочек
mother: мама f мамы a,мам | мать f матери a,матерей,матери
father: папа m папы a,пап | отец m отцы a,отцов,отца
sister: сестра f сёстры a,сестёр
brother: брат m братья a,братьев
grandmother: бабушка f бабушки a,бабушек
grandfather: дедушка m дедушки a,дедушек | дед m деды a,дедов
aunt: тётя f тёти a,тётей
uncle: дядя m дяди a,дядей
doctor: врач m врачи a,врачей | доктор m доктора a,докторов
baker: пекарь m пекари a,пекарей
gardener: садовница f садовницы a,садовниц | садовник m садовники a,садовников
farmer: фермер m фермеры a,фермеров
singer: певица f певицы a,певиц | певец m певцы a,певцов,певца
teacher: учитель m учителя a,учителей | учительница f учительницы a,учительниц
student: студент m студенты a,студентов | студентка f студентки a,студенток
cook: повар m повара a,поваров
neighbor: сосед m соседи a,соседей | соседка f соседки a,соседок
driver: водитель m водители a,водителей
inhabitant: житель m жители a,жителей
dog: собака f собаки a,собак
cat: кошка f кошки a,кошек | кот m коты a,котов
horse: лошадь f лошади a,лошадей
cow: корова f коровы a,коров
bird: птица f птицы a,птиц
duck: утка f утки a,уток
rabbit: кролик m кролики a,кроликов
goat: коза f козы a,коз
apple: яблоко n яблоки i,яблок
pear: груша f груши i,груш
orange: апельсин m апельсины i,апельсинов
tomato: помидор m помидоры i,помидоров
egg: яйцо n яйца i,яиц
lemon: лимон m лимоны i,лимонов
cake: торт m торты i,тортов
bread: хлеб m хлеба i,хлебов
cheese: сыр m сыры i,сыров
rice: рис m рисы i,рисов
soup: суп m супы i,супов
fish: рыба f рыбы i,рыб
coffee: кофе m кофе x,кофе
tea: чай m чаи i,чаёв
milk: молоко n молоки i,молок
water: вода f воды i,вод
juice: сок m соки i,соков
book: книга f книги i,книг
letter: письмо n письма i,писем
newspaper: газета f газеты i,газет
key: ключ m ключи i,ключей
bag: сумка f сумки i,сумок
chair: стул m стулья i,стульев
table: стол m столы i,столов
lamp: лампа f лампы i,ламп
camera: камера f камеры i,камер | фотоаппарат m фотоаппараты i,фотоаппаратов
cup: чашка f чашки i,чашек
glass: стакан m стаканы i,стаканов
bottle: бутылка f бутылки i,бутылок
plate: тарелка f тарелки i,тарелок
phone: телефон m телефоны i,телефонов
computer: компьютер m компьютеры i,компьютеров
bicycle: велосипед m велосипеды i,велосипедов
car: машина f машины i,машин | автомобиль m автомобили i,автомобилей
umbrella: зонт m зонты i,зонтов | зонтик m зонтики i,зонтиков
ticket: билет m билеты i,билетов
passport: паспорт m паспорта i,паспортов
shirt: рубашка f рубашки i,рубашек
hat: шляпа f шляпы i,шляп
coat: пальто n пальто x,пальто
flower: цветок m цветы i,цветов,цветка
box: коробка f коробки i,коробок
gift: подарок m подарки i,подарков,подарка
photo: фотография f фотографии i,фотографий | снимок m снимки i,снимков,снимка
ball: мяч m мячи i,мячей
knife: нож m ножи i,ножей
spoon: ложка f ложки i,ложек
door: дверь f двери i,дверей
window: окно n окна i,окон
bed: кровать f кровати i,кроватей
house: дом m дома i,домов
kitchen: кухня f кухни i,кухонь
garden: сад m сады i,садов
school: школа f школы i,школ
market: рынок m рынки i,рынков,рынка
park: парк m парки i,парков
station: вокзал m вокзалы i,вокзалов
library: библиотека f библиотеки i,библиотек
hospital: больница f больницы i,больниц
office: офис m офисы i,офисов
shop: магазин m магазины i,магазинов
restaurant: ресторан m рестораны i,ресторанов
village: деревня f деревни i,деревень
city: город m города i,городов
hotel: гостиница f гостиницы i,гостиниц | отель m отели i,отелей
room: комната f комнаты i,комнат
airport: аэропорт m аэропорты i,аэропортов
museum: музей m музеи i,музеев
castle: замок m замки i,замков,замка
meeting: встреча f встречи i,встреч | собрание n собрания i,собраний
concert: концерт m концерты i,концертов
exam: экзамен m экзамены i,экзаменов
party: вечеринка f вечеринки i,вечеринок | праздник m праздники i,праздников
course: курс m курсы i,курсов
wedding: свадьба f свадьбы i,свадеб
train: поезд m поезда i,поездов
bus: автобус m автобусы i,автобусов
"""
NOUNS: Nouns = nouns(TABLE)
NAMES = {
    "Anna": "Анна", "Lena": "Лена", "Maria": "Мария", "Sofia": "София", "Julia": "Юлия", "Clara": "Клара",
    "Emma": "Эмма",
    "Nora": "Нора", "Adam": "Адам", "David": "Давид", "Martin": "Мартин", "Lucas": "Лукас", "Oscar": "Оскар",
    "Victor": "Виктор", "Daniel": "Даниэль", "Robert": "Роберт",
}  # fmt: skip
#: place: where, where to
PLACES = {
    "house": ("в доме", "в дом"), "kitchen": ("на кухне", "на кухню"), "garden": ("в саду", "в сад"),
    "school": ("в школе", "в школу"), "market": ("на рынке", "на рынок"), "park": ("в парке", "в парк"),
    "station": ("на вокзале", "на вокзал"), "library": ("в библиотеке", "в библиотеку"),
    "hospital": ("в больнице", "в больницу"), "office": ("в офисе", "в офис"), "shop": ("в магазине", "в магазин"),
    "restaurant": ("в ресторане", "в ресторан"), "village": ("в деревне", "в деревню"), "city": ("в городе", "в город"),
    "hotel": ("в гостинице|в отеле", "в гостиницу|в отель"), "room": ("в комнате", "в комнату"),
    "airport": ("в аэропорту", "в аэропорт"), "museum": ("в музее", "в музей"), "castle": ("в замке", "в замок"),
    "box": ("в коробке", ""), "bag": ("в сумке", ""),
}  # fmt: skip
CITIES = {
    "Berlin": "в Берлине", "Paris": "в Париже", "Rome": "в Риме", "Lisbon": "в Лиссабоне", "Madrid": "в Мадриде",
    "Vienna": "в Вене", "Prague": "в Праге", "London": "в Лондоне",
}  # fmt: skip
#: verb: infinitive, he and they of the tense that is not past, stem of the past with its masculine; perfective first,
#: then after `|` the imperfective, whose present is used for habits
VERBS = {
    name: [entry.split() for entry in row.split("|")]
    for name, row in {
        "eat": "съесть съест съедят съел|есть ест едят ел", "drink": "выпить выпьет выпьют выпил|пить пьёт пьют пил",
        "buy": "купить купит купят купил|покупать покупает покупают покупал",
        "sell": "продать продаст продадут продал|продавать продаёт продают продавал",
        "read": "прочитать прочитает прочитают прочитал|читать читает читают читал",
        "write": "написать напишет напишут написал|писать пишет пишут писал",
        "find": "найти найдёт найдут нашёл:нашла:нашли|находить находит находят находил",
        "lose": "потерять потеряет потеряют потерял|терять теряет теряют терял",
        "forget": "забыть забудет забудут забыл|забывать забывает забывают забывал",
        "look_for": "поискать поищет поищут искал|искать ищет ищут искал",
        "see": "увидеть увидит увидят видел|видеть видит видят увидел",
        "wash": "помыть помоет помоют помыл|мыть моет моют мыл",
        "repair": "починить починит починят починил|чинить чинит чинят чинил",
        "paint": "покрасить покрасит покрасят покрасил|красить красит красят красил",
        "open": "открыть откроет откроют открыл|открывать открывает открывают открывал",
        "close": "закрыть закроет закроют закрыл|закрывать закрывает закрывают закрывал",
        "bring": "принести принесёт принесут принёс:принесла:принесли|приносить приносит приносят приносил",
        "pick_up": "забрать заберёт заберут забрал|забирать забирает забирают забирал",
        "cook": "приготовить приготовит приготовят приготовил|готовить готовит готовят готовил",
        "give": "дать даст дадут дал|давать даёт дают давал",
        "show": "показать покажет покажут показал|показывать показывает показывают показывал",
        "send": "отправить отправит отправят отправил|отправлять отправляет отправляют отправлял",
        "go": "пойти пойдёт пойдут ходил|ходить ходит ходят ходил",
        "live": "жить живёт живут жил|жить живёт живут жил",
        "work": "поработать поработает поработают работал|работать работает работают работал",
        "sleep": "поспать поспит поспят спал|спать спит спят спал",
        "play": "поиграть поиграет поиграют играл|играть играет играют играл",
        "wait": "подождать подождёт подождут ждал|ждать ждёт ждут ждал",
    }.items()
}  # fmt: skip
SYNONYMS = {"wash": "вымыть вымоет вымоют вымыл", "send": "послать пошлёт пошлют послал",
            "repair": "отремонтировать отремонтирует отремонтируют отремонтировал"}  # fmt: skip
#: where the imperfective past tells of one occasion as well
ONGOING = frozenset(("eat", "drink", "read", "see", "look_for", "live", "work", "sleep", "play", "wait"))
#: stem and hard, velar or soft endings
ADJECTIVES = {
    "red": "красный", "green": "зелёный", "blue": "синий", "white": "белый", "black": "чёрный", "big": "большой",
    "small": "маленький", "new": "новый", "old": "старый", "young": "молодой", "fresh": "свежий", "hot": "горячий",
    "cold": "холодный", "expensive": "дорогой", "cheap": "дешёвый", "heavy": "тяжёлый", "clean": "чистый",
    "dirty": "грязный",
}  # fmt: skip
#: short forms m f n plural, in predicates
SHORT = {
    "tired": "устал устала устало устали", "happy": "счастлив счастлива счастливо счастливы",
    "sick": "болен больна больно больны", "open": "открыт открыта открыто открыты",
    "closed": "закрыт закрыта закрыто закрыты",
}  # fmt: skip
COMPARATIVES = {"big": "больше", "small": "меньше", "old": "старше", "young": "младше|моложе", "expensive": "дороже",
                "cheap": "дешевле", "heavy": "тяжелее"}  # fmt: skip
NUMBERS = ("", "один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять", "десять")
TIMES = {
    "yesterday": "вчера", "today": "сегодня", "tomorrow": "завтра", "last_week": "на прошлой неделе",
    "next_week": "на следующей неделе", "this_morning": "сегодня утром", "this_evening": "сегодня вечером",
    "every_day": "каждый день", "often": "часто", "monday": "в понедельник", "tuesday": "во вторник",
    "wednesday": "в среду", "thursday": "в четверг", "friday": "в пятницу", "saturday": "в субботу",
    "sunday": "в воскресенье",
}  # fmt: skip
POSSESSIVES = {
    "my": {"nom": ("мой", "моя", "моё", "мои"), "acc": ("мой", "мою", "моё", "мои"), "gen": ("моего", "моей", "моего",
    "моих"),
           "dat": ("моему", "моей", "моему", "моим")},
    "formal": {"nom": ("ваш", "ваша", "ваше", "ваши"), "acc": ("ваш", "вашу", "ваше", "ваши"),
               "gen": ("вашего", "вашей", "вашего", "ваших"), "dat": ("вашему", "вашей", "вашему", "вашим")},
    "informal": {"nom": ("твой", "твоя", "твоё", "твои"), "acc": ("твой", "твою", "твоё", "твои"),
                 "gen": ("твоего", "твоей", "твоего", "твоих"), "dat": ("твоему", "твоей", "твоему", "твоим")},
}  # fmt: skip
#: one's own: the possessive where the subject is the owner
OWN = {"nom": ("свой", "своя", "своё", "свои"), "acc": ("свой", "свою", "своё", "свои"),
       "gen": ("своего", "своей", "своего", "своих")}  # fmt: skip
HUSHED, VELAR = "жчшщ", "гкх"


@dataclass(frozen=True, slots=True)
class Declined:
    """The forms of a noun; `animate` decides the accusative."""

    nom: str
    gen: str
    dat: str
    acc: str
    plural: str
    plural_gen: str
    animate: bool

    @property
    def plural_acc(self) -> str:
        return self.plural_gen if self.animate else self.plural


def decline(noun: str, gender: str, plural: str, marks: str) -> Declined:
    """All forms of `noun`, by its ending: first declension (-а, -я), second (consonant, -ь, -й, -о, -е), third (-ь)."""
    kind, plural_gen, *irregular = marks.split(",")
    animate = kind == "a"
    if kind == "x":
        return Declined(noun, noun, noun, noun, plural, plural_gen, False)
    stem = noun[:-1]
    if noun[-1] in "ая":
        soft = noun[-1] == "я"
        gen = stem + ("и" if soft or stem[-1] in VELAR + HUSHED else "ы")
        dat = stem + ("и" if noun.endswith("ия") else "е")
        return Declined(noun, gen, dat, stem + ("ю" if soft else "у"), plural, plural_gen, animate)
    if gender == "f":
        gen = irregular[0] if irregular else stem + "и"
        return Declined(noun, gen, gen, noun, plural, plural_gen, animate)
    if irregular:
        gen = irregular[0]
    elif noun[-1] in "ьйе":
        gen = stem + "я"
    else:
        gen = (stem if noun[-1] == "о" else noun) + "а"
    dat = gen[:-1] + ("у" if gen[-1] == "а" else "ю")
    return Declined(noun, gen, dat, gen if animate and gender == "m" else noun, plural, plural_gen, animate)


FORMS: dict[tuple[str, str], Declined] = {
    (lexeme, noun.singular): decline(noun.singular, noun.gender, noun.plural, noun.marks)
    for lexeme, entries in NOUNS.items()
    for noun in entries
}
NAME_FORMS = {name: decline(word, PEOPLE_NAMES[name], word, f"a,{word}") for name, word in NAMES.items()}


def adjective(word: str, case: str, slot: int, animate: bool) -> str:
    """The form of `word` (as красный) for slot m, f, n, plural; cases nom, acc, gen."""
    stem, soft = word[:-2], word == "синий"
    hushed = stem[-1] in HUSHED
    i = "и" if soft or hushed or stem[-1] in VELAR else "ы"
    if case == "acc":
        case = "gen" if animate and slot in (0, 3) else ("acc" if slot == 1 else "nom")
    # The stressed ending of большой keeps its о; unstressed it is е after a hushing sound.
    o = "е" if soft or (hushed and not word.endswith("ой")) else "о"
    if case == "nom":
        return (word, stem + ("яя" if soft else "ая"), stem + o + "е", stem + i + "е")[slot]
    if case == "acc":
        return stem + ("юю" if soft else "ую")
    return stem + (o + "го", o + "й", o + "го", i + "х")[slot]


class Russian(Grammar):
    locale = "ru"

    table = NOUNS

    def inflected(self, lexeme: str, noun: Noun) -> tuple[str, ...]:
        forms = FORMS[lexeme, noun.singular]
        return (forms.nom, forms.gen, forms.dat, forms.acc, forms.plural, forms.plural_gen, self.dative_plural(forms))

    # -- noun phrases --------------------------------------------------------------------------------------------------

    def candidates(self, thing: Thing, o: Options) -> list[Noun]:
        return NOUNS.choose(thing, thing.lexeme in o.terms)

    def forms(self, thing: Thing, noun: Noun) -> Declined:
        return FORMS[thing.lexeme, noun.singular]

    def phrase(self, noun: Noun, thing: Thing, case: str, o: Options, own: bool = False) -> str:
        forms = self.forms(thing, noun)
        slot = "mfn".index(noun.gender)
        if thing.det == "count":
            return self.counted(noun, forms, thing)
        words: list[str] = []
        if thing.det in ("my", "your"):
            table = OWN if own else POSSESSIVES["my" if thing.det == "my" else o.register]
            which = 3 if thing.plural else slot
            governed = "gen" if case == "acc" and forms.animate and which in (0, 3) else case
            words.append(table[governed][which])
        if thing.adjective:
            words.append(adjective(ADJECTIVES[thing.adjective], case, 3 if thing.plural else slot, forms.animate))
        if thing.plural:
            words.append({"nom": forms.plural, "acc": forms.plural_acc, "gen": forms.plural_gen}[case])
        else:
            words.append(getattr(forms, case))
        return " ".join(words)

    def counted(self, noun: Noun, forms: Declined, thing: Thing) -> str:
        """A numeral and what it governs: after 2 to 4 the genitive singular, after 5 the genitive plural; an adjective
        in the genitive plural, beside a feminine after 2 to 4 in the nominative. Nominative or inanimate."""
        few = thing.count < 5
        number = "две" if thing.count == 2 and noun.gender == "f" else NUMBERS[thing.count]
        words = [number]
        if thing.adjective:
            case = "nom" if few and noun.gender == "f" else "gen"
            words.append(adjective(ADJECTIVES[thing.adjective], case, 3, forms.animate))
        words.append(forms.gen if few else forms.plural_gen)
        return " ".join(words)

    def noun_phrase(self, thing: Thing, case: str, o: Options) -> Part:
        if thing.det == "name":
            return getattr(NAME_FORMS[thing.lexeme], case)
        return tuple(self.phrase(noun, thing, case, o) for noun in self.candidates(thing, o))

    def owned(self, thing: Thing, o: Options) -> Part:
        """What belongs to the subject, as an object: свой, and more heavily ваш or твой."""
        entries = self.candidates(thing, o)
        return choice(*(self.phrase(noun, thing, "acc", o, own) for own in (True, False) for noun in entries))

    def name(self, thing: Thing) -> str:
        return NAMES[thing.lexeme]

    def gender(self, thing: Thing, noun: Noun) -> str:
        """Врач and пекарь are masculine words; a woman still takes feminine verbs."""
        return thing.gender or noun.gender

    def subjects(self, thing: Thing, options: Options) -> list[Subject]:
        if thing.det == "we":
            return [Subject("мы", "m", True, 1)]
        if thing.det == "name":
            return [Subject(NAMES[thing.lexeme], human_gender(thing.lexeme))]
        many = thing.plural or thing.det == "count"
        if thing.det == "pronoun":
            human = thing.gender or human_gender(thing.lexeme)
            gender = human or self.candidates(thing, options)[0].gender
            return [Subject("они" if many else {"m": "он", "f": "она", "n": "оно"}[gender], gender, many, pronoun=True)]
        return [
            Subject(self.phrase(noun, thing, "nom", options), self.gender(thing, noun), many)
            for noun in self.candidates(thing, options)
        ]

    def object(self, thing: Thing, meaning: Meaning, options: Options) -> Part:
        return self.noun_phrase(thing, "acc", options)

    def inside(self, place: Thing) -> Part:
        return CITIES[place.lexeme] if place.det == "name" else choice(PLACES[place.lexeme][0])

    def towards(self, place: Thing) -> Part:
        return choice(PLACES[place.lexeme][1])

    def when(self, time: str) -> Part:
        return TIMES[time]

    # -- the clause ----------------------------------------------------------------------------------------------------

    def past(self, form: str, s: Subject) -> str:
        if ":" in form:
            masculine, feminine, plural = form.split(":")
            return plural if s.plural else (feminine if s.gender == "f" else masculine)
        if s.plural:
            return form + "и"
        return form + {"m": "", "f": "а", "n": "о"}[s.gender]

    def predicate(self, m: Meaning, s: Subject) -> Part:
        perfective, imperfective = VERBS[m.verb]
        many = s.plural
        no = "не " if m.negative else ""
        both = [perfective, *([SYNONYMS[m.verb].split()] if m.verb in SYNONYMS else [])]
        if m.mood == "must":
            must = "должны" if many else {"m": "должен", "f": "должна", "n": "должно"}[s.gender]
            return tuple(f"{must} {row[0]}" for row in both)
        if m.mood:
            modal = {"want": ("хочет", "хотят"), "can": ("может", "могут")}[m.mood][many]
            return tuple(f"{modal} {row[0]}" for row in both)
        if m.tense == "present":
            often = "часто " if m.time == "often" else ""
            return often + imperfective[2 if many else 1]
        if m.tense == "future":
            return tuple(no + row[2 if many else 1] for row in both)
        if m.verb == "go":
            went = self.past("пошёл:пошла:пошли", s)
            return (no + self.past("ходил", s), no + went)
        rows = [*both, imperfective] if m.verb in ONGOING else both
        return choice(*(no + self.past(row[3], s) for row in rows))

    def arranged(self, subject: str, verb: Part, rest: list[Part], place: Part, time: Part) -> list[Line]:
        """The time in front, as Russian prefers; before the verb; at the end."""
        if not time:
            return [(subject, verb, *rest, place)]
        return [
            (time, subject, verb, *rest, place),
            (subject, time, verb, *rest, place),
            (subject, verb, *rest, place, time),
        ]

    def act(self, m: Meaning, o: Options) -> list[Line]:
        if m.verb == "need":
            return self.need(m, o)
        place, time = self._around(m)
        rest = [self.object(m.object, m, o)] if m.object else []
        return [
            line
            for s in self.subjects(m.subject, o)
            for line in self.arranged(s.text, self.predicate(m, s), rest, place, time)
        ]

    stay = act

    def need(self, m: Meaning, o: Options) -> list[Line]:
        """Кому нужна вещь: the one who needs is in the dative, the thing is the subject and rules the adjective."""
        made: list[Line] = []
        for who in self.possessor(m.subject, "dat", o):
            for noun in self.candidates(m.object, o):
                if m.object.det == "count":
                    word = "нужны" if m.object.count < 5 else "нужно"
                else:
                    word = {"m": "нужен", "f": "нужна", "n": "нужно"}[noun.gender]
                made.append((who, choice(word, "нужно"), self.phrase(noun, m.object, "nom", o)))
        return made

    def possessor(self, thing: Thing, case: str, o: Options) -> list[str]:
        """Who has or needs something, in the genitive or the dative."""
        if thing.det == "we":
            return ["нас" if case == "gen" else "нам"]
        if thing.det == "pronoun":
            forms = {"gen": ("него", "неё", "них"), "dat": ("ему", "ей", "им")}[case]
            human = thing.gender or human_gender(thing.lexeme)
            return [forms[2] if thing.plural else forms[human == "f"]]
        if thing.plural and case == "dat":
            return [self.dative_plural(self.forms(thing, noun)) for noun in self.candidates(thing, o)]
        found = self.noun_phrase(thing, case, o)
        if thing.adjective and case == "dat":
            found = tuple(
                f"{dative(ADJECTIVES[thing.adjective], noun.gender)} {self.forms(thing, noun).dat}"
                for noun in self.candidates(thing, o)
            )
        return [found] if isinstance(found, str) else list(found)

    @staticmethod
    def dative_plural(forms: Declined) -> str:
        return forms.plural[:-1] + (
            "ям" if forms.plural[-1] in "ия" and forms.plural[-2] not in VELAR + HUSHED else "ам"
        )

    def go(self, m: Meaning, o: Options) -> list[Line]:
        time = self.when(m.time) if m.time else ""
        return [
            line
            for s in self.subjects(m.subject, o)
            for line in self.arranged(s.text, self.predicate(m, s), [], self.towards(m.place), time)
        ]

    def give(self, m: Meaning, o: Options) -> list[Line]:
        time = self.when(m.time) if m.time else ""
        to, thing = choice(*self.possessor(m.recipient, "dat", o)), self.object(m.object, m, o)
        made: list[Line] = []
        for s in self.subjects(m.subject, o):
            verb = self.predicate(m, s)
            if m.verb == "give" and m.object.lexeme in ("gift", "flower", "book", "hat", "cake", "bag", "camera"):
                gift = self.past("подарил", s) if m.tense == "past" else ("подарят" if s.plural else "подарит")
                verb = choice(verb, gift)
            made += self.arranged(s.text, verb, [to, thing], "", time)
        return made

    def who(self, m: Meaning, o: Options) -> list[Line]:
        s, time = Subject("кто", "m"), (self.when(m.time) if m.time else "")
        verb, thing = self.predicate(m, s), self.object(m.object, m, o)
        return [self.question(("кто", time, verb, thing)), self.question(("кто", verb, thing, time))]

    def did(self, m: Meaning, o: Options) -> list[Line]:
        time = self.when(m.time) if m.time else ""
        thing = self.object(m.object, m, o)
        made: list[Line] = []
        for s in self.subjects(m.subject, o):
            verb = self.predicate(m, s)
            made += [self.question((s.text, verb, thing, time))]
            if time:
                made += [self.question((s.text, time, verb, thing)), self.question((time, s.text, verb, thing))]
        return made

    def where(self, m: Meaning, o: Options) -> list[Line]:
        return [self.question(("где", self.noun_phrase(m.subject, "nom", o)))]

    def exist(self, m: Meaning, o: Options) -> list[Line]:
        place, thing = self.inside(m.place), self.noun_phrase(m.object, "nom", o)
        plain, there = (place, thing), (place, "есть", thing)
        return [plain, there] if m.object.det == "count" else [there, plain]

    def have(self, m: Meaning, o: Options) -> list[Line]:
        thing = self.noun_phrase(m.object, "nom", o)
        made: list[Line] = []
        for who in self.possessor(m.subject, "gen", o):
            there = ("у", who, "есть", thing)
            made += [("у", who, thing), there] if m.object.det == "count" else [there]
        return made

    def attr(self, m: Meaning, o: Options) -> list[Line]:
        time = self.when(m.time) if m.time else ""
        made: list[Line] = []
        for s in self.subjects(m.subject, o):
            slot = 3 if s.plural else "mfn".index(s.gender)
            was = "" if m.tense == "present" else self.past("был", s)
            word: Part
            if m.adjective in SHORT:
                word = SHORT[m.adjective].split()[slot]
                if m.adjective == "sick" and m.tense == "past":
                    word = (word, self.past("болел", s))
            else:
                word = adjective(ADJECTIVES[m.adjective], "nom", slot, False)
            if m.adjective == "sick" and was:
                ill = self.past("болел", s)
                made += self.arranged(s.text, choice(f"{was} {word[0]}", ill), [], "", time)
            else:
                made += self.arranged(s.text, was, [word], "", time) if time else [(s.text, was, word)]
        return made

    def isa(self, m: Meaning, o: Options) -> list[Line]:
        gender = human_gender(m.subject.lexeme)
        entries = self.candidates(m.object, o)
        noun = next((n for n in entries if n.gender == gender), entries[0])
        return [(s.text, "—", noun.singular) for s in self.subjects(m.subject, o)]

    def compare(self, m: Meaning, o: Options) -> list[Line]:
        word = choice(COMPARATIVES[m.adjective])
        than, other = self.noun_phrase(m.object, "nom", o), self.possessor(m.object, "gen", o)
        return [
            line
            for s in self.subjects(m.subject, o)
            for line in ((s.text, tuple(f"{w}," for w in word), attach("чем", than)), (s.text, word, tuple(other)))
        ]

    # -- values ------------------------------------------------------------------------------------------------------

    def price(self, m: Meaning, o: Options) -> list[Line]:
        made: list[Line] = []
        for s in self.subjects(m.subject, o):
            verb = self.past("стоил", s) if m.tense == "past" else ("стоят" if s.plural else "стоит")
            made.append((s.text, verb, self.value(m, o)))
        return made

    def weigh(self, m: Meaning, o: Options) -> list[Line]:
        return [(s.text, "весит", self.value(m, o)) for s in self.subjects(m.subject, o)]

    def distance(self, m: Meaning, o: Options) -> list[Line]:
        origin = attach("от", self.noun_phrase(m.object, "gen", o))
        return [(s.text, "находится", attach("в", self.value(m, o)), origin) for s in self.subjects(m.subject, o)]

    def temperature(self, m: Meaning, o: Options) -> list[Line]:
        place, time, was = self.inside(m.place), self.when(m.time), "было" if m.time == "yesterday" else ""
        return [
            (time, place, was, self.value(m, o)),
            (place, time, was, self.value(m, o)),
            (place, was, self.value(m, o), time),
        ]

    def weather(self, m: Meaning, o: Options) -> list[Line]:
        past, place, time = m.time == "yesterday", self.inside(m.place), self.when(m.time)
        if m.verb in ("rain", "snow"):
            what = ("шёл " if past else "идёт ") + {"rain": "дождь", "snow": "снег"}[m.verb]
        else:
            what = ("было " if past else "") + {"cold": "холодно", "warm": "тепло"}[m.verb]
        return [(time, place, what), (place, time, what), (place, what, time)]

    def population(self, m: Meaning, o: Options) -> list[Line]:
        """The noun agrees with the number's end: 1 житель, 2 жителя, 5 жителей, 11 жителей."""
        forms = self.forms(m.object, self.candidates(m.object, o)[0])
        last, tens = m.value % 10, m.value % 100
        if last == 1 and tens != 11:
            noun = forms.nom
        else:
            noun = forms.gen if last in (2, 3, 4) and tens not in (12, 13, 14) else forms.plural_gen
        inside: Part = self.inside(m.subject)
        if m.subject.adjective:
            where = choice(inside)[0]
            preposition, place = where.split(" ")
            noun_gender = self.candidates(m.subject, o)[0].gender
            inside = f"{preposition} {prepositional(ADJECTIVES[m.subject.adjective], noun_gender)} {place}"
        return [(inside, self.value(m, o), noun)]

    def percent(self, m: Meaning, o: Options) -> list[Line]:
        thing, time = self.noun_phrase(m.object, "acc", o), self.when(m.time)
        verb = {"rise": ("выросла", "повысилась", "поднялась"), "fall": ("упала", "снизилась", "понизилась")}[m.verb]
        value = attach("на", self.value(m, o))
        plural = {"rise": ("выросли", "повысились", "поднялись"), "fall": ("упали", "снизились", "понизились")}[m.verb]
        return [
            (time, attach("цена на", thing), verb, value),
            (attach("цена на", thing), verb, value, time),
            (attach("цена на", thing), time, verb, value),
            (time, attach("цены на", thing), plural, value),
        ]

    def date(self, m: Meaning, o: Options) -> list[Line]:
        verb = choice(
            {
                "be": "состоится|пройдёт|будет",
                "begin": "начинается|начнётся",
                "end": "заканчивается|закончится|окончится",
            }[m.verb]
        )
        return [(s.text, verb, self.value(m, o)) for s in self.subjects(m.subject, o)]

    def clock(self, m: Meaning, o: Options) -> list[Line]:
        verb = choice({
            "depart": "отправляется|отходит|уезжает", "arrive": "прибывает|приходит|приезжает",
            "open": "открывается|откроется", "close": "закрывается|закроется", "begin": "начинается|начнётся",
            "end": "заканчивается|закончится",
        }[m.verb])  # fmt: skip
        when, day = attach("в", self.value(m, o)), (self.when(m.time) if m.time else "")
        made: list[Line] = []
        for s in self.subjects(m.subject, o):
            made.append((day, s.text, verb, when))
            if day:
                made += [(s.text, verb, day, when), (s.text, verb, when, day)]
        return made

    def appointment(self, m: Meaning, o: Options) -> list[Line]:
        when, day = (
            (self.value(m, o) if m.unit == "date" else attach("в", self.value(m, o))),
            (self.when(m.time) if m.time else ""),
        )
        made: list[Line] = []
        for who in self.possessor(m.subject, "gen", o):
            made += [("у", who, "встреча", day, when), ("у", who, day, when, "встреча")]
            if day:
                made.append((day, when, "у", who, "встреча"))
        return made

    # -- address -----------------------------------------------------------------------------------------------------

    neutral = frozenset(("ли", "не", "бы"))
    pronouns = {
        "formal": ("вы", "вас", "вам", "ваш", "ваша", "ваше", "ваши", "вашу", "вашего", "вашей"),
        "informal": ("ты", "тебя", "тебе", "твой", "твоя", "твоё", "твои", "твою", "твоего", "твоей"),
    }
    openings = {
        "formal": {"hello": "Здравствуйте", "excuse": "Извините"},
        "informal": {"hello": "Привет", "excuse": "Извини"},
    }
    closings = {
        "formal": {"thanks": "Благодарю вас.", "day": "Желаю вам хорошего дня.", "regards": "С уважением"},
        "informal": {"thanks": "Спасибо тебе.", "day": "Удачного тебе дня.", "regards": "Обнимаю"},
    }
    #: verb: imperative, polite and familiar
    ADDRESSED = {
        "show": "покажите покажи", "send": "отправьте отправь", "bring": "принесите принеси", "open": "откройте открой",
        "close": "закройте закрой", "sell": "продайте продай", "wash": "помойте помой", "repair": "почините почини",
        "pick_up": "заберите забери", "read": "прочитайте прочитай",
    }  # fmt: skip

    def _me(self, m: Meaning) -> str:
        return "мне" if m.verb in ("show", "send", "bring", "sell") else ""

    def ask_can(self, m: Meaning, o: Options) -> list[Line]:
        time, thing = (self.when(m.time) if m.time else ""), self.owned(m.object, o)
        can = (
            ("вы можете", "вы не могли бы", "можете ли вы", "не могли бы вы")
            if o.register == "formal"
            else ("ты можешь", "ты не мог бы", "ты не могла бы", "можешь ли ты")
        )
        infinitive, me = VERBS[m.verb][0][0], self._me(m)
        cores: list[Line] = [(can, time, infinitive, me, thing)]
        if me:
            cores.append((can, time, me, infinitive, thing))
        if time:
            cores.append((can, infinitive, me, thing, time))
        return self.address(m, o, cores, True)

    def ask_please(self, m: Meaning, o: Options) -> list[Line]:
        time, thing = (self.when(m.time) if m.time else ""), self.object(m.object, m, o)
        verb = self.ADDRESSED[m.verb].split()[o.register != "formal"]
        me = self._me(m)
        asked = f"{verb} {me}, пожалуйста," if me else f"{verb}, пожалуйста,"
        cores: list[Line] = [(asked, thing, time), ("пожалуйста,", verb, me, thing, time)]
        if time:
            cores.append((asked, time, thing))
        return self.address(m, o, cores, False)

    def _you(self, verb: str, o: Options) -> tuple[str, ...]:
        """Past tense of the second person: plural when polite; when familiar the gender is open."""
        form = VERBS[verb][0][3]
        if ":" in form:
            masculine, feminine, plural = form.split(":")
        else:
            masculine, feminine, plural = form, form + "а", form + "и"
        return (f"вы {plural}",) if o.register == "formal" else (f"ты {masculine}", f"ты {feminine}")

    def you_lost(self, m: Meaning, o: Options) -> list[Line]:
        core = (self._you(m.verb, o), self.owned(m.object, o), self.inside(m.place))
        return self.address(m, o, [core], False)

    def you_where(self, m: Meaning, o: Options) -> list[Line]:
        return self.address(m, o, [("где", self._you(m.verb, o), self.owned(m.object, o))], True)

    def you_want(self, m: Meaning, o: Options) -> list[Line]:
        time, thing = (self.when(m.time) if m.time else ""), self.owned(m.object, o)
        formal = o.register == "formal"
        if m.verb == "look_for":
            return self.address(m, o, [("вы ищете" if formal else "ты ищешь", thing)], True)
        want = ("вы хотите", "хотите ли вы") if formal else ("ты хочешь", "хочешь ли ты")
        cores: list[Line] = [(want, time, VERBS[m.verb][0][0], thing)]
        if time:
            cores.append((want, VERBS[m.verb][0][0], thing, time))
        return self.address(m, o, cores, True)

    def you_must(self, m: Meaning, o: Options) -> list[Line]:
        must = ("вы должны",) if o.register == "formal" else ("ты должен", "ты должна")
        core = (must, VERBS[m.verb][0][0], self.owned(m.object, o), self.inside(m.place))
        need = "вам нужно" if o.register == "formal" else "тебе нужно"
        return self.address(m, o, [core, (need, *core[1:])], False)


def dative(word: str, gender: str) -> str:
    """An adjective in the dative singular."""
    genitive = adjective(word, "gen", "mfn".index(gender), True)
    return genitive if gender == "f" else genitive[:-2] + "му"


def prepositional(word: str, gender: str) -> str:
    """An adjective in the prepositional singular: в маленькой деревне, в большом городе."""
    genitive = adjective(word, "gen", "mfn".index(gender), True)
    return genitive if gender == "f" else genitive[:-2] + "м"
