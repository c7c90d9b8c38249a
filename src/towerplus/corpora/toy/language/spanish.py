"""Latin American Spanish: contractions, the personal a, doubled indirect objects, usted and tú."""

# ruff: noqa: RUF012 (class tables are constants)
from __future__ import annotations

import re

from towerplus.corpora.toy.language.grammar import Options, Subject
from towerplus.corpora.toy.language.lexicon import ANIMALS, human_gender
from towerplus.corpora.toy.language.meaning import Meaning, Thing
from towerplus.corpora.toy.language.rendering import Line, Part, choice
from towerplus.corpora.toy.language.romance import Romance
from towerplus.corpora.toy.language.tables import Noun, nouns

#: verb: infinitive, he, they, he past, they past, we past; after `|` a synonym
VERBS = {
    name: [entry.split() for entry in row.split("|")]
    for name, row in {
        "eat": "comer come comen comió comieron comimos",
        "drink": "tomar toma toman tomó tomaron tomamos|beber bebe beben bebió bebieron bebimos",
        "buy": "comprar compra compran compró compraron compramos",
        "sell": "vender vende venden vendió vendieron vendimos", "read": "leer lee leen leyó leyeron leímos",
        "write": "escribir escribe escriben escribió escribieron escribimos",
        "find": "encontrar encuentra encuentran encontró encontraron encontramos",
        "lose": "perder pierde pierden perdió perdieron perdimos",
        "forget": "olvidar olvida olvidan olvidó olvidaron olvidamos|dejar deja dejan dejó dejaron dejamos",
        "look_for": "buscar busca buscan buscó buscaron buscamos", "see": "ver ve ven vio vieron vimos",
        "wash": "lavar lava lavan lavó lavaron lavamos",
        "repair": "reparar repara reparan reparó repararon reparamos|arreglar arregla arreglan arregló arreglaron "
        "arreglamos",
        "paint": "pintar pinta pintan pintó pintaron pintamos", "open": "abrir abre abren abrió abrieron abrimos",
        "close": "cerrar cierra cierran cerró cerraron cerramos", "bring": "traer trae traen trajo trajeron trajimos",
        "pick_up": "recoger recoge recogen recogió recogieron recogimos",
        "cook": "cocinar cocina cocinan cocinó cocinaron cocinamos|preparar prepara preparan preparó prepararon "
        "preparamos",
        "need": "necesitar necesita necesitan necesitó necesitaron necesitamos",
        "give": "dar da dan dio dieron dimos", "show": "mostrar muestra muestran mostró mostraron mostramos",
        "send": "enviar envía envían envió enviaron enviamos|mandar manda mandan mandó mandaron mandamos",
        "go": "ir va van fue fueron fuimos", "live": "vivir vive viven vivió vivieron vivimos",
        "work": "trabajar trabaja trabajan trabajó trabajaron trabajamos",
        "sleep": "dormir duerme duermen durmió durmieron dormimos", "play": "jugar juega juegan jugó jugaron jugamos",
        "wait": "esperar espera esperan esperó esperaron esperamos",
    }.items()
}  # fmt: skip
CONTRACTED = re.compile(r"\b(de|a) el (?=[a-záéíóúñ])")


class Spanish(Romance):
    locale = "es-419"
    who_word = "quién"
    question_open = "¿"
    front_time = True
    numbers = ("", "un", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez")
    articles = {
        "the": ("el", "la", "los", "las"), "a": ("un", "una", "unos", "unas"), "my": ("mi", "mi", "mis", "mis"),
        "your-formal": ("su", "su", "sus", "sus"), "your-informal": ("tu", "tu", "tus", "tus"),
    }  # fmt: skip
    adjectives = {
        "red": ("rojo", "roja", "rojos", "rojas"), "green": ("verde", "verde", "verdes", "verdes"),
        "blue": ("azul", "azul", "azules", "azules"), "white": ("blanco", "blanca", "blancos", "blancas"),
        "black": ("negro", "negra", "negros", "negras"), "big": ("grande", "grande", "grandes", "grandes"),
        "small": ("pequeño", "pequeña", "pequeños", "pequeñas"), "new": ("nuevo", "nueva", "nuevos", "nuevas"),
        "old": ("viejo", "vieja", "viejos", "viejas"), "young": ("joven", "joven", "jóvenes", "jóvenes"),
        "fresh": ("fresco", "fresca", "frescos", "frescas"), "hot": ("caliente", "caliente", "calientes", "calientes"),
        "cold": ("frío", "fría", "fríos", "frías"), "expensive": ("caro", "cara", "caros", "caras"),
        "cheap": ("barato", "barata", "baratos", "baratas"), "tired": ("cansado", "cansada", "cansados", "cansadas"),
        "happy": ("feliz", "feliz", "felices", "felices"), "sick": ("enfermo", "enferma", "enfermos", "enfermas"),
        "clean": ("limpio", "limpia", "limpios", "limpias"), "dirty": ("sucio", "sucia", "sucios", "sucias"),
        "open": ("abierto", "abierta", "abiertos", "abiertas"), "closed": ("cerrado", "cerrada", "cerrados",
        "cerradas"),
        "heavy": ("pesado", "pesada", "pesados", "pesadas"),
    }  # fmt: skip
    cities = {
        "Berlin": "Berlín",
        "Paris": "París",
        "Rome": "Roma",
        "Lisbon": "Lisboa",
        "Vienna": "Viena",
        "Prague": "Praga",
        "London": "Londres",
    }
    times = {
        "yesterday": "ayer", "today": "hoy", "tomorrow": "mañana", "last_week": "la semana pasada",
        "next_week": "la próxima semana|la semana próxima|la semana que viene", "this_morning": "esta mañana",
        "this_evening": "esta noche|esta tarde", "every_day": "todos los días|cada día",
        "often": "con frecuencia|a menudo|muchas veces", "monday": "el lunes", "tuesday": "el martes",
        "wednesday": "el miércoles", "thursday": "el jueves", "friday": "el viernes", "saturday": "el sábado",
        "sunday": "el domingo",
    }  # fmt: skip
    pronouns_subject = {
        "we": "|nosotros|nosotras", "person f": "|ella", "person m": "|él", "thing f": "", "thing m": "",
        "person f plural": "|ellas", "person m plural": "|ellos", "thing f plural": "", "thing m plural": "",
    }  # fmt: skip
    words = {
        "there is": "hay", "in city": "en", "has": "tiene;tienen", "is": "es;son", "is passing": "está;están",
        "was": "era;eran", "was passing": "estaba|estuvo;estaban|estuvieron", "than": "que", "costs": "cuesta;cuestan",
        "cost": "costó|costaba;costaron|costaban", "weighs": "pesa;pesan", "at distance": "a", "lies": "está|queda",
        "degrees": "hace|hay", "degrees past": "hizo|hacía|hubo", "rain": "está lloviendo|llueve",
        "rain past": "llovió|estuvo lloviendo", "snow": "está nevando|nieva", "snow past": "nevó|estuvo nevando",
        "cold": "hace frío", "cold past": "hizo frío|hacía frío", "warm": "hace calor",
        "warm past": "hizo calor|hacía calor",
        "price of": "el precio de", "rise": "subió|aumentó", "fall": "bajó|cayó", "by percent": "un|", "on is": "es",
        "on date": "el", "begin": "empieza|comienza", "end": "termina|acaba", "depart": "sale|parte", "arrive": "llega",
        "open": "abre", "close": "cierra", "at time": "a las", "appointment": "una cita", "where": "dónde",
        "lies question": "está;están", "to": "a",
    }  # fmt: skip
    comparatives = {
        "big": "más grande,más grande,más grandes,más grandes",
        "small": "más pequeño,más pequeña,más pequeños,más pequeñas|más chico,más chica,más chicos,más chicas",
        "old": "mayor,mayor,mayores,mayores|más viejo,más vieja,más viejos,más viejas",
        "young": "menor,menor,menores,menores|más joven,más joven,más jóvenes,más jóvenes",
        "expensive": "más caro,más cara,más caros,más caras", "cheap": "más barato,más barata,más baratos,más baratas",
        "heavy": "más pesado,más pesada,más pesados,más pesadas",
    }  # fmt: skip

    def join(self, text: str) -> str:
        return CONTRACTED.sub(lambda found: "del " if found[1] == "de" else "al ", text)

    def article(self, noun: Noun, thing: Thing, many: bool, o: Options) -> str:
        if noun.singular == "agua" and thing.det == "the" and not many:
            return "el"
        return super().article(noun, thing, many, o)

    def fronted(self, time: Part) -> Part:
        return time

    def object(self, thing: Thing, meaning: Meaning, options: Options) -> Part:
        phrase = self.noun_phrase(thing, options)
        if human_gender(thing.lexeme):
            return self.after("a", phrase)
        if thing.lexeme in ANIMALS and thing.det in ("the", "my") and meaning.verb in ("see", "look_for", "find"):
            return choice(self.after("a", phrase), phrase)
        return phrase

    def at(self, m: Meaning, o: Options) -> Part:
        return tuple(f"{'a la' if time.startswith(('1:', '01:')) else 'a las'} {time}" for time in self.value(m, o))

    def predicate(self, m: Meaning, s: Subject) -> Part:
        return choice(*(self._conjugated(row, m, s) for row in VERBS[m.verb]))

    def _conjugated(self, row: list[str], m: Meaning, s: Subject) -> list[str]:
        infinitive, he, they, he_past, they_past, we_past = row
        no, many = ("no " if m.negative else ""), s.plural
        if m.mood:
            modal = {"want": "quiere;quieren", "can": "puede;pueden", "must": "tiene que|debe;tienen que|deben"}[m.mood]
            return [f"{no}{word} {infinitive}" for word in modal.split(";")[many].split("|")]
        if m.tense == "present":
            return [no + (they if many else he)]
        if m.tense == "future":
            going = "vamos" if s.person == 1 else ("van" if many else "va")
            return [f"{no}{going} a {infinitive}"]
        return [no + (we_past if s.person == 1 else (they_past if many else he_past))]

    def giving(self, m: Meaning, s: Subject) -> Part:
        plain = self.predicate(m, s)
        return choice(tuple(f"le {verb}" for verb in plain), plain)

    def did(self, m: Meaning, o: Options) -> list[Line]:
        place, time = self._around(m)
        made: list[Line] = []
        for s in self.subjects(m.subject, o):
            verb, thing = self.predicate(m, s), self.object(m.object, m, o)
            made += [
                self.question((s.text, verb, thing, place, time)),
                self.question((verb, s.text, thing, place, time)),
            ]
        return made

    # -- address -----------------------------------------------------------------------------------------------------

    neutral = frozenset(("me", "lo", "mucho", "un"))
    pronouns = {
        "formal": ("usted", "su", "sus", "se"),
        "informal": ("tú", "tu", "tus", "te"),
    }
    openings = {
        "formal": {"hello": "Buenos días", "excuse": "Disculpe"},
        "informal": {"hello": "Hola", "excuse": "Disculpa"},
    }
    closings = {
        "formal": {"thanks": "Se lo agradezco mucho.", "day": "Que tenga un buen día.", "regards": "Atentamente"},
        "informal": {"thanks": "Mil gracias.", "day": "Que tengas un buen día.", "regards": "Un abrazo"},
    }
    #: verb: imperative of usted, imperative of tú (before -me where something is for me)
    ADDRESSED = {
        "show": "muéstreme muéstrame", "send": "envíeme envíame", "bring": "tráigame tráeme", "open": "abra abre",
        "close": "cierre cierra", "sell": "véndame véndeme", "wash": "lave lava", "repair": "repare repara",
        "pick_up": "recoja recoge", "read": "lea lee",
    }  # fmt: skip
    FAMILIAR = {"forget": "olvidaste", "lose": "perdiste", "buy": "compraste", "find": "encontraste"}  # fmt: skip

    def ask_can(self, m: Meaning, o: Options) -> list[Line]:
        time, thing = (self.when(m.time) if m.time else ""), self.noun_phrase(m.object, o)
        can = ("puede", "podría", "usted puede") if o.register == "formal" else ("puedes", "podrías", "tú puedes")
        infinitive = VERBS[m.verb][0][0]
        if m.verb not in ("show", "send", "bring", "sell"):
            return self.address(m, o, [(can, infinitive, thing, time)], True)
        return self.address(
            m,
            o,
            [(can, infinitive + "me", thing, time), (("me " + can[0], "me " + can[1]), infinitive, thing, time)],
            True,
        )

    def ask_please(self, m: Meaning, o: Options) -> list[Line]:
        time, thing = (self.when(m.time) if m.time else ""), self.noun_phrase(m.object, o)
        verb = self.ADDRESSED[m.verb].split()[o.register != "formal"]
        return self.address(m, o, [("por favor,", verb, thing, time), (verb, thing, time, ", por favor")], False)

    def you_lost(self, m: Meaning, o: Options) -> list[Line]:
        past = VERBS[m.verb][0][3]
        familiar = self.FAMILIAR[m.verb]
        verb = (f"usted {past}", past) if o.register == "formal" else (familiar, f"tú {familiar}")
        return self.address(m, o, [(verb, self.noun_phrase(m.object, o), self.inside(m.place))], False)

    def you_where(self, m: Meaning, o: Options) -> list[Line]:
        past = VERBS[m.verb][0][3]
        verb = (past, f"{past} usted") if o.register == "formal" else (self.FAMILIAR[m.verb],)
        return self.address(m, o, [("dónde", verb, self.noun_phrase(m.object, o))], True)

    def you_want(self, m: Meaning, o: Options) -> list[Line]:
        time, thing = (self.when(m.time) if m.time else ""), self.noun_phrase(m.object, o)
        formal = o.register == "formal"
        if m.verb == "look_for":
            if m.object.lexeme in ANIMALS:
                thing = self.after("a", thing)
            verb = ("está buscando", "busca") if formal else ("estás buscando", "buscas")
            return self.address(m, o, [(verb, thing, time)], True)
        want = ("quiere", "usted quiere", "desea") if formal else ("quieres",)
        return self.address(m, o, [(want, VERBS[m.verb][0][0], thing, time)], True)

    def you_must(self, m: Meaning, o: Options) -> list[Line]:
        must = (
            ("usted tiene que", "tiene que", "usted debe", "debe")
            if o.register == "formal"
            else ("tienes que", "debes")
        )
        core = (must, VERBS[m.verb][0][0], self.noun_phrase(m.object, o), self.inside(m.place))
        return self.address(m, o, [core], False)

    nouns = nouns("""
man: hombre m hombres
woman: mujer f mujeres
boy: niño m niños | chico m chicos
girl: niña f niñas | chica f chicas
mother: madre f madres | mamá f mamás
father: padre m padres | papá m papás
sister: hermana f hermanas
brother: hermano m hermanos
grandmother: abuela f abuelas
grandfather: abuelo m abuelos
aunt: tía f tías
uncle: tío m tíos
doctor: doctora f doctoras | doctor m doctores
baker: panadera f panaderas | panadero m panaderos
gardener: jardinera f jardineras | jardinero m jardineros
farmer: agricultora f agricultoras | agricultor m agricultores
singer: cantante f cantantes | cantante m cantantes
teacher: maestro m maestros | maestra f maestras
student: estudiante m estudiantes | estudiante f estudiantes
cook: cocinero m cocineros | cocinera f cocineras
neighbor: vecino m vecinos | vecina f vecinas
driver: conductor m conductores | conductora f conductoras
inhabitant: habitante m habitantes
dog: perro m perros
cat: gato m gatos
horse: caballo m caballos
cow: vaca f vacas
bird: pájaro m pájaros
duck: pato m patos
rabbit: conejo m conejos
goat: cabra f cabras
apple: manzana f manzanas
pear: pera f peras
orange: naranja f naranjas
tomato: tomate m tomates
egg: huevo m huevos
lemon: limón m limones
cake: pastel m pasteles | torta f tortas
bread: pan m panes
cheese: queso m quesos
rice: arroz m arroces
soup: sopa f sopas
fish: pescado m pescados
coffee: café m cafés
tea: té m tés
milk: leche f leches
water: agua f aguas
juice: jugo m jugos
book: libro m libros
letter: carta f cartas
newspaper: periódico m periódicos | diario m diarios
key: llave f llaves
bag: bolsa f bolsas | bolso m bolsos
chair: silla f sillas
table: mesa f mesas
lamp: lámpara f lámparas
camera: cámara f cámaras
cup: taza f tazas
glass: vaso m vasos
bottle: botella f botellas
plate: plato m platos
phone: teléfono m teléfonos | celular m celulares
computer: computadora f computadoras | computador m computadores
bicycle: bicicleta f bicicletas | bici f bicis
car: carro m carros | auto m autos
umbrella: paraguas m paraguas | sombrilla f sombrillas
ticket: boleto m boletos | pasaje m pasajes
passport: pasaporte m pasaportes
shirt: camisa f camisas
hat: sombrero m sombreros
coat: abrigo m abrigos
flower: flor f flores
box: caja f cajas
gift: regalo m regalos | obsequio m obsequios
photo: foto f fotos | fotografía f fotografías
ball: pelota f pelotas | balón m balones
knife: cuchillo m cuchillos
spoon: cuchara f cucharas
door: puerta f puertas
window: ventana f ventanas
bed: cama f camas
house: casa f casas
kitchen: cocina f cocinas
garden: jardín m jardines
school: escuela f escuelas
market: mercado m mercados
park: parque m parques
station: estación f estaciones
library: biblioteca f bibliotecas
hospital: hospital m hospitales
office: oficina f oficinas
shop: tienda f tiendas
restaurant: restaurante m restaurantes
village: pueblo m pueblos
city: ciudad f ciudades
hotel: hotel m hoteles
room: cuarto m cuartos | habitación f habitaciones
airport: aeropuerto m aeropuertos
museum: museo m museos
castle: castillo m castillos
meeting: reunión f reuniones
concert: concierto m conciertos
exam: examen m exámenes
party: fiesta f fiestas
course: curso m cursos
wedding: boda f bodas
train: tren m trenes
bus: autobús m autobuses | bus m buses
""")
    places = {
        name: (f"en {article} {noun}", f"{'al' if article == 'el' else 'a la'} {noun}")
        for name, article, noun in (
            ("house", "la", "casa"), ("kitchen", "la", "cocina"), ("garden", "el", "jardín"), ("school", "la",
            "escuela"),
            ("market", "el", "mercado"), ("park", "el", "parque"), ("station", "la", "estación"),
            ("library", "la", "biblioteca"), ("hospital", "el", "hospital"), ("office", "la", "oficina"),
            ("shop", "la", "tienda"), ("restaurant", "el", "restaurante"), ("village", "el", "pueblo"),
            ("city", "la", "ciudad"), ("hotel", "el", "hotel"), ("room", "el", "cuarto"), ("airport", "el",
            "aeropuerto"),
            ("museum", "el", "museo"), ("castle", "el", "castillo"), ("box", "la", "caja"), ("bag", "la", "bolsa"),
        )
    }  # fmt: skip
