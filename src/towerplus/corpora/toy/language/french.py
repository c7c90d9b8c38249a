"""French: elision, contraction, partitive articles, participles that agree, ne ... pas."""

# ruff: noqa: RUF012 (class tables are constants)
from __future__ import annotations

import re

from towerplus.corpora.toy.language.grammar import Options, Subject
from towerplus.corpora.toy.language.meaning import Meaning, Thing
from towerplus.corpora.toy.language.rendering import Line, Part, attach
from towerplus.corpora.toy.language.romance import Romance, slot
from towerplus.corpora.toy.language.tables import Noun, nouns

#: verb: infinitive, he, they, participle, future stem with -a
VERBS = {
    name: row.split()
    for name, row in {
        "eat": "manger mange mangent mangé mangera", "drink": "boire boit boivent bu boira",
        "buy": "acheter achète achètent acheté achètera", "sell": "vendre vend vendent vendu vendra",
        "read": "lire lit lisent lu lira", "write": "écrire écrit écrivent écrit écrira",
        "find": "trouver trouve trouvent trouvé trouvera", "lose": "perdre perd perdent perdu perdra",
        "forget": "oublier oublie oublient oublié oubliera",
        "look_for": "chercher cherche cherchent cherché cherchera", "see": "voir voit voient vu verra",
        "wash": "laver lave lavent lavé lavera", "repair": "réparer répare réparent réparé réparera",
        "paint": "peindre peint peignent peint peindra", "open": "ouvrir ouvre ouvrent ouvert ouvrira",
        "close": "fermer ferme ferment fermé fermera", "bring": "apporter apporte apportent apporté apportera",
        "pick_up": "récupérer récupère récupèrent récupéré récupérera",
        "cook": "préparer prépare préparent préparé préparera", "give": "donner donne donnent donné donnera",
        "show": "montrer montre montrent montré montrera", "send": "envoyer envoie envoient envoyé enverra",
        "go": "aller va vont allé ira", "live": "habiter habite habitent habité habitera",
        "work": "travailler travaille travaillent travaillé travaillera",
        "sleep": "dormir dort dorment dormi dormira", "play": "jouer joue jouent joué jouera",
        "wait": "attendre attend attendent attendu attendra",
    }.items()
}  # fmt: skip
ELISION = re.compile(r"\b([Ll]|[Dd]|[Nn]|[Mm]|[Tt]|[Ss]|[Qq]u)[ea] (?=[aeiouyâàéèêëîïôœûAEIOUÉÀÊhH])")
CONTRACTION = {"de le": "du", "de les": "des", "à le": "au", "à les": "aux"}
CONTRACTED = re.compile(r"\b(de le|de les|à le|à les) ")
#: before a vowel the feminine possessives give way to the masculine
HIATUS = re.compile(r"\b([mt])a (?=[aeiouyâàéèêëîïôœûhAEIOUÉ])")
BEFORE_VOWEL = {"nouveau": "nouvel", "vieux": "vieil", "beau": "bel"}
VOWEL = re.compile(r"[aeiouyâàéèêëîïôœûh]")


class French(Romance):
    locale = "fr"
    who_word = "qui"
    often_last = False
    question_mark = "\u202f?"
    numbers = ("", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix")
    articles = {
        "the": ("le", "la", "les", "les"), "a": ("un", "une", "des", "des"), "my": ("mon", "ma", "mes", "mes"),
        "your-formal": ("votre", "votre", "vos", "vos"), "your-informal": ("ton", "ta", "tes", "tes"),
    }  # fmt: skip
    adjectives = {
        "red": ("rouge", "rouge", "rouges", "rouges"), "green": ("vert", "verte", "verts", "vertes"),
        "blue": ("bleu", "bleue", "bleus", "bleues"), "white": ("blanc", "blanche", "blancs", "blanches"),
        "black": ("noir", "noire", "noirs", "noires"), "big": ("grand", "grande", "grands", "grandes"),
        "small": ("petit", "petite", "petits", "petites"), "new": ("nouveau", "nouvelle", "nouveaux", "nouvelles"),
        "old": ("vieux", "vieille", "vieux", "vieilles"), "young": ("jeune", "jeune", "jeunes", "jeunes"),
        "fresh": ("frais", "fraîche", "frais", "fraîches"), "hot": ("chaud", "chaude", "chauds", "chaudes"),
        "cold": ("froid", "froide", "froids", "froides"), "expensive": ("cher", "chère", "chers", "chères"),
        "cheap": ("bon marché",) * 4, "tired": ("fatigué", "fatiguée", "fatigués", "fatiguées"),
        "happy": ("heureux", "heureuse", "heureux", "heureuses"), "sick": ("malade", "malade", "malades", "malades"),
        "clean": ("propre", "propre", "propres", "propres"), "dirty": ("sale", "sale", "sales", "sales"),
        "open": ("ouvert", "ouverte", "ouverts", "ouvertes"), "closed": ("fermé", "fermée", "fermés", "fermées"),
        "heavy": ("lourd", "lourde", "lourds", "lourdes"),
    }  # fmt: skip
    before = frozenset(("big", "small", "new", "old", "young"))
    cities = {"Lisbon": "Lisbonne", "Vienna": "Vienne", "London": "Londres"}
    times = {
        "yesterday": "hier", "today": "aujourd'hui", "tomorrow": "demain", "last_week": "la semaine dernière",
        "next_week": "la semaine prochaine", "this_morning": "ce matin", "this_evening": "ce soir",
        "every_day": "tous les jours|chaque jour", "often": "souvent", "monday": "lundi", "tuesday": "mardi",
        "wednesday": "mercredi", "thursday": "jeudi", "friday": "vendredi", "saturday": "samedi", "sunday": "dimanche",
    }  # fmt: skip
    pronouns_subject = {
        "we": "nous", "person f": "elle", "person m": "il", "thing f": "elle", "thing m": "il",
        "person f plural": "elles",
        "person m plural": "ils", "thing f plural": "elles", "thing m plural": "ils",
    }  # fmt: skip
    words = {
        "there is": "il y a", "in city": "à", "has": "a;ont", "is": "est;sont", "is passing": "est;sont",
        "was": "était;étaient", "was passing": "était;étaient", "than": "que", "costs": "coûte;coûtent",
        "cost": "a coûté|coûtait;ont coûté|coûtaient", "weighs": "pèse;pèsent", "at distance": "à",
        "lies": "est|se trouve",
        "degrees": "il fait", "degrees past": "il faisait|il a fait", "rain": "il pleut",
        "rain past": "il a plu|il pleuvait",
        "snow": "il neige", "snow past": "il a neigé|il neigeait", "cold": "il fait froid",
        "cold past": "il faisait froid|il a fait froid", "warm": "il fait chaud",
        "warm past": "il faisait chaud|il a fait chaud", "price of": "le prix de", "rise": "a augmenté",
        "fall": "a baissé",
        "by percent": "de", "on is": "a lieu|est|se tient", "on date": "le", "begin": "commence|débute",
        "end": "se termine|finit", "depart": "part", "arrive": "arrive", "open": "ouvre", "close": "ferme",
        "at time": "à",
        "appointment": "rendez-vous|un rendez-vous", "where": "où", "lies question": "est|se trouve;sont|se trouvent",
        "to": "à",
    }  # fmt: skip
    comparatives = {
        "big": "plus grand,plus grande,plus grands,plus grandes",
        "small": "plus petit,plus petite,plus petits,plus petites",
        "old": "plus âgé,plus âgée,plus âgés,plus âgées|plus vieux,plus vieille,plus vieux,plus vieilles",
        "young": "plus jeune,plus jeune,plus jeunes,plus jeunes",
        "expensive": "plus cher,plus chère,plus chers,plus chères",
        "cheap": "moins cher,moins chère,moins chers,moins chères",
        "heavy": "plus lourd,plus lourde,plus lourds,plus lourdes",
    }  # fmt: skip

    def join(self, text: str) -> str:
        text = ELISION.sub(lambda found: found[1] + "'", text)
        text = CONTRACTED.sub(lambda found: CONTRACTION[found[1]] + " ", text)
        return HIATUS.sub(lambda found: found[1] + "on ", text)

    def adjective(self, name: str, noun: Noun, many: bool) -> str:
        word = super().adjective(name, noun, many)
        return BEFORE_VOWEL.get(word, word) if VOWEL.match(noun.singular) and not many else word

    def bare(self, noun: Noun, many: bool) -> str:
        return "des" if many else ("de la" if noun.gender == "f" else ("de l'" if VOWEL.match(noun.singular) else "du"))

    def phrase(self, noun: Noun, thing: Thing, o: Options, article: str | None = None) -> str:
        return super().phrase(noun, thing, o, article).replace("de l' ", "de l'")

    def object(self, thing: Thing, meaning: Meaning, options: Options) -> Part:
        if meaning.verb == "need" or (meaning.negative and thing.det in ("a", "none")):
            if thing.det in ("none",) or (meaning.negative and thing.det == "a"):
                return tuple(self.phrase(noun, thing, options, "de") for noun in self.candidates(thing, options))
            return self.of(self.noun_phrase(thing, options))
        return self.noun_phrase(thing, options)

    def predicate(self, m: Meaning, s: Subject) -> Part:
        """Finite verb and what follows it up to the object."""
        many = s.plural
        often = " souvent" if m.time == "often" else ""
        if m.verb == "need":
            return self._negated("avons" if s.person == 1 else ("ont" if many else "a"), "besoin", m.negative)
        infinitive, he, they, participle, future = VERBS[m.verb]
        if m.mood:
            modal = {"want": ("veut", "veulent"), "can": ("peut", "peuvent"), "must": ("doit", "doivent")}[m.mood][many]
            return self._negated(modal, infinitive, m.negative)
        if m.tense == "future":
            going = "allons" if s.person == 1 else ("vont" if many else "va")
            near = self._negated(going, infinitive, m.negative)
            if m.verb == "go":
                near = future[:-1] + "ont" if many else future
                return near if not m.negative else self._negated(near, "", True)
            if s.person == 1:
                return near
            return (near, self._negated(future[:-1] + "ont" if many else future, "", m.negative))
        if m.tense == "present":
            return self._negated(they if many else he, "", m.negative) + often
        if m.verb == "go":
            helper = "sommes" if s.person == 1 else ("sont" if many else "est")
            return self._negated(helper, participle + ("", "e", "s", "es")[slot(s.gender, many)], m.negative)
        helper = "avons" if s.person == 1 else ("ont" if many else "a")
        return self._negated(helper, participle, m.negative)

    def _negated(self, finite: str, rest: str, negative: bool) -> str:
        return " ".join(word for word in ("ne" if negative else "", finite, "pas" if negative else "", rest) if word)

    def did(self, m: Meaning, o: Options) -> list[Line]:
        place, time = self._around(m)
        made: list[Line] = []
        for s in self.subjects(m.subject, o):
            thing = self.object(m.object, m, o)
            verb = self.predicate(m, s)
            helper, _, participle = str(verb).partition(" ")
            pronoun = ("elle" if s.gender == "f" else "il") + ("s" if s.plural else "")
            inverted = f"{helper}-{'' if helper.endswith('t') else 't-'}{pronoun} {participle}"
            made += [
                self.question((attach("est-ce que", s.text), verb, thing, place, time)),
                self.question((s.text, inverted, thing, place, time)),
                self.question((s.text, verb, thing, place, time)),
            ]
        return made

    # -- address -----------------------------------------------------------------------------------------------------

    neutral = frozenset(("me", "est", "ce", "que", "moi", "une"))
    pronouns = {
        "formal": ("vous", "votre", "vos"),
        "informal": ("tu", "te", "t", "toi", "ton", "ta", "tes"),
    }
    openings = {
        "formal": {"hello": "Bonjour", "excuse": "Excusez-moi"},
        "informal": {"hello": "Salut", "excuse": "Excuse-moi"},
    }
    closings = {
        "formal": {
            "thanks": "Je vous remercie.",
            "day": "Je vous souhaite une bonne journée.",
            "regards": "Cordialement",
        },
        "informal": {"thanks": "Merci à toi.", "day": "Passe une bonne journée.", "regards": "Bises"},
    }
    #: verb: you (vous), you (tu), imperative of tu
    ADDRESSED = {
        "show": ("montrez", "montres", "montre"), "send": ("envoyez", "envoies", "envoie"),
        "bring": ("apportez", "apportes", "apporte"), "open": ("ouvrez", "ouvres", "ouvre"),
        "close": ("fermez", "fermes", "ferme"), "sell": ("vendez", "vends", "vends"),
        "wash": ("lavez", "laves", "lave"), "repair": ("réparez", "répares", "répare"),
        "pick_up": ("récupérez", "récupères", "récupère"), "read": ("lisez", "lis", "lis"),
        "look_for": ("cherchez", "cherches", "cherche"),
    }  # fmt: skip

    def _to_me(self, m: Meaning) -> bool:
        return m.verb in ("show", "send", "bring", "sell")

    def ask_can(self, m: Meaning, o: Options) -> list[Line]:
        time, thing = (self.when(m.time) if m.time else ""), self.noun_phrase(m.object, o)
        can: Part
        if o.register == "formal":
            can = ("pouvez-vous", "pourriez-vous", "est-ce que vous pouvez")
        else:
            can = ("peux-tu", "pourrais-tu", "tu peux", "est-ce que tu peux")
        verb = self.join(("me " if self._to_me(m) else "") + VERBS[m.verb][0])
        return self.address(m, o, [(can, verb, thing, time)], True)

    def ask_please(self, m: Meaning, o: Options) -> list[Line]:
        time, thing = (self.when(m.time) if m.time else ""), self.noun_phrase(m.object, o)
        vous, _, tu = self.ADDRESSED[m.verb]
        me = "-moi" if self._to_me(m) else ""
        if o.register == "formal":
            infinitive = self.join(("me " if me else "") + VERBS[m.verb][0])
            cores: list[Line] = [
                ("veuillez", infinitive, thing, time),
                (vous + me, thing, *_comma(time), "s'il vous plaît"),
                ("s'il vous plaît,", vous + me, thing, time),
            ]
        else:
            cores = [(tu + me, thing, *_comma(time), "s'il te plaît"), ("s'il te plaît,", tu + me, thing, time)]
        return self.address(m, o, cores, False)

    def you_lost(self, m: Meaning, o: Options) -> list[Line]:
        have = "vous avez" if o.register == "formal" else "tu as"
        return self.address(
            m, o, [(have, VERBS[m.verb][3], self.noun_phrase(m.object, o), self.inside(m.place))], False
        )

    def you_where(self, m: Meaning, o: Options) -> list[Line]:
        have = (
            ("où avez-vous", "où est-ce que vous avez")
            if o.register == "formal"
            else ("où as-tu", "où est-ce que tu as")
        )
        return self.address(m, o, [(have, VERBS[m.verb][3], self.noun_phrase(m.object, o))], True)

    def you_want(self, m: Meaning, o: Options) -> list[Line]:
        time, thing = (self.when(m.time) if m.time else ""), self.noun_phrase(m.object, o)
        formal = o.register == "formal"
        if m.verb == "look_for":
            verb = (
                ("cherchez-vous", "est-ce que vous cherchez")
                if formal
                else ("cherches-tu", "est-ce que tu cherches", "tu cherches")
            )
            return self.address(m, o, [(verb, thing, time)], True)
        if formal:
            verb = ("voulez-vous", "souhaitez-vous", "est-ce que vous voulez")
        else:
            verb = ("veux-tu", "est-ce que tu veux", "tu veux")
        return self.address(m, o, [(verb, VERBS[m.verb][0], thing, time)], True)

    def you_must(self, m: Meaning, o: Options) -> list[Line]:
        must = "vous devez" if o.register == "formal" else "tu dois"
        return self.address(
            m, o, [(must, VERBS[m.verb][0], self.noun_phrase(m.object, o), self.inside(m.place))], False
        )

    nouns = nouns("""
man: homme m hommes
woman: femme f femmes
boy: garçon m garçons
girl: fille f filles
mother: mère f mères
father: père m pères
sister: sœur f sœurs
brother: frère m frères
grandmother: grand-mère f grands-mères
grandfather: grand-père m grands-pères
aunt: tante f tantes
uncle: oncle m oncles
doctor: médecin f médecins | médecin m médecins
baker: boulangère f boulangères | boulanger m boulangers
gardener: jardinière f jardinières | jardinier m jardiniers
farmer: agricultrice f agricultrices | agriculteur m agriculteurs
singer: chanteuse f chanteuses | chanteur m chanteurs
teacher: professeur m professeurs | professeure f professeures
student: étudiant m étudiants | étudiante f étudiantes
cook: cuisinier m cuisiniers | cuisinière f cuisinières
neighbor: voisin m voisins | voisine f voisines
driver: conducteur m conducteurs | conductrice f conductrices
inhabitant: habitant m habitants
dog: chien m chiens
cat: chat m chats
horse: cheval m chevaux
cow: vache f vaches
bird: oiseau m oiseaux
duck: canard m canards
rabbit: lapin m lapins
goat: chèvre f chèvres
apple: pomme f pommes
pear: poire f poires
orange: orange f oranges
tomato: tomate f tomates
egg: œuf m œufs
lemon: citron m citrons
cake: gâteau m gâteaux | tarte f tartes
bread: pain m pains
cheese: fromage m fromages
rice: riz m riz
soup: soupe f soupes
fish: poisson m poissons
coffee: café m cafés
tea: thé m thés
milk: lait m laits
water: eau f eaux
juice: jus m jus
book: livre m livres
letter: lettre f lettres
newspaper: journal m journaux
key: clé f clés | clef f clefs
bag: sac m sacs
chair: chaise f chaises
table: table f tables
lamp: lampe f lampes
camera: appareil_photo m appareils_photo
cup: tasse f tasses
glass: verre m verres
bottle: bouteille f bouteilles
plate: assiette f assiettes
phone: téléphone m téléphones | portable m portables
computer: ordinateur m ordinateurs
bicycle: vélo m vélos | bicyclette f bicyclettes
car: voiture f voitures | auto f autos
umbrella: parapluie m parapluies
ticket: billet m billets | ticket m tickets
passport: passeport m passeports
shirt: chemise f chemises
hat: chapeau m chapeaux
coat: manteau m manteaux
flower: fleur f fleurs
box: boîte f boîtes | caisse f caisses
gift: cadeau m cadeaux
photo: photo f photos | image f images
ball: balle f balles | ballon m ballons
knife: couteau m couteaux
spoon: cuillère f cuillères
door: porte f portes
window: fenêtre f fenêtres
bed: lit m lits
house: maison f maisons
kitchen: cuisine f cuisines
garden: jardin m jardins
school: école f écoles
market: marché m marchés
park: parc m parcs
station: gare f gares
library: bibliothèque f bibliothèques
hospital: hôpital m hôpitaux
office: bureau m bureaux
shop: magasin m magasins | boutique f boutiques
restaurant: restaurant m restaurants
village: village m villages
city: ville f villes
hotel: hôtel m hôtels
room: chambre f chambres | pièce f pièces
airport: aéroport m aéroports
museum: musée m musées
castle: château m châteaux
meeting: réunion f réunions
concert: concert m concerts
exam: examen m examens
party: fête f fêtes | soirée f soirées
course: cours m cours
wedding: mariage m mariages
train: train m trains
bus: bus m bus
""")
    places = {
        "house": ("dans la maison", "à la maison"), "kitchen": ("dans la cuisine", "dans la cuisine"),
        "garden": ("dans le jardin", "au jardin|dans le jardin"), "school": ("à l'école|dans l'école", "à l'école"),
        "market": ("au marché|sur le marché", "au marché"), "park": ("dans le parc|au parc", "au parc"),
        "station": ("à la gare|dans la gare", "à la gare"), "library": ("à la bibliothèque|dans la bibliothèque",
        "à la bibliothèque"),
        "hospital": ("à l'hôpital", "à l'hôpital"), "office": ("au bureau|dans le bureau", "au bureau"),
        "shop": ("dans le magasin|au magasin|dans la boutique", "au magasin|à la boutique"),
        "restaurant": ("au restaurant|dans le restaurant", "au restaurant"), "village": ("dans le village|au village",
        "au village"),
        "city": ("en ville|dans la ville", "en ville"), "hotel": ("à l'hôtel|dans l'hôtel", "à l'hôtel"),
        "room": ("dans la chambre|dans la pièce", "dans la chambre"), "airport": ("à l'aéroport", "à l'aéroport"),
        "museum": ("au musée|dans le musée", "au musée"), "castle": ("dans le château|au château", "au château"),
        "box": ("dans la boîte|dans la caisse", ""), "bag": ("dans le sac", ""),
    }  # fmt: skip


def _comma(time: Part) -> tuple[Part]:
    """The time with a comma after it, or the comma alone, to stand before a closing please."""
    return (",",) if time == "" else (tuple(word + "," for word in ((time,) if isinstance(time, str) else time)),)
