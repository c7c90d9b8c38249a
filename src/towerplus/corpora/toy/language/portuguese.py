"""European Portuguese: contractions, articles before names, enclitic pronouns, the third person as polite address."""

# ruff: noqa: RUF012 (class tables are constants)
from __future__ import annotations

import re

from towerplus.corpora.toy.language.grammar import Options, Subject
from towerplus.corpora.toy.language.lexicon import human_gender
from towerplus.corpora.toy.language.meaning import Meaning, Thing
from towerplus.corpora.toy.language.rendering import Line, Part
from towerplus.corpora.toy.language.romance import Romance
from towerplus.corpora.toy.language.tables import nouns

#: verb: infinitive, he, they, he past, they past, we past; `go_` verbs are ir + infinitive
VERBS = {
    name: row.split()
    for name, row in {
        "eat": "comer come comem comeu comeram comemos", "drink": "beber bebe bebem bebeu beberam bebemos",
        "buy": "comprar compra compram comprou compraram comprámos",
        "sell": "vender vende vendem vendeu venderam vendemos", "read": "ler lê leem leu leram lemos",
        "write": "escrever escreve escrevem escreveu escreveram escrevemos",
        "find": "encontrar encontra encontram encontrou encontraram encontrámos",
        "lose": "perder perde perdem perdeu perderam perdemos",
        "forget": "esquecer esquece esquecem esqueceu esqueceram esquecemos",
        "look_for": "procurar procura procuram procurou procuraram procurámos", "see": "ver vê veem viu viram vimos",
        "wash": "lavar lava lavam lavou lavaram lavámos", "repair": "reparar repara reparam reparou repararam "
        "reparámos",
        "paint": "pintar pinta pintam pintou pintaram pintámos", "open": "abrir abre abrem abriu abriram abrimos",
        "close": "fechar fecha fecham fechou fecharam fechámos",
        "bring": "trazer traz trazem trouxe trouxeram trouxemos",
        "pick_up": "buscar vai_buscar vão_buscar foi_buscar foram_buscar fomos_buscar",
        "cook": "preparar prepara preparam preparou prepararam preparámos", "give": "dar dá dão deu deram demos",
        "need": "precisar precisa precisam precisou precisaram precisámos",
        "show": "mostrar mostra mostram mostrou mostraram mostrámos",
        "send": "enviar envia enviam enviou enviaram enviámos", "go": "ir vai vão foi foram fomos",
        "live": "viver vive vivem viveu viveram vivemos",
        "work": "trabalhar trabalha trabalham trabalhou trabalharam trabalhámos",
        "sleep": "dormir dorme dormem dormiu dormiram dormimos",
        "play": "brincar brinca brincam brincou brincaram brincámos",
        "wait": "esperar espera esperam esperou esperaram esperámos",
    }.items()
}  # fmt: skip
CONTRACTED = re.compile(
    r"\b(de o|de a|de os|de as|em o|em a|em os|em as|a o|a a|a os|a as|do que o|por o|por a)\b(?= )"
)
CONTRACTION = {
    "de o": "do", "de a": "da", "de os": "dos", "de as": "das", "em o": "no", "em a": "na", "em os": "nos",
    "em as": "nas",
    "a o": "ao", "a a": "à", "a os": "aos", "a as": "às", "por o": "pelo", "por a": "pela",
}  # fmt: skip


class Portuguese(Romance):
    locale = "pt-PT"
    who_word = "quem"
    front_time = True
    numbers = ("", "um", "dois", "três", "quatro", "cinco", "seis", "sete", "oito", "nove", "dez")
    articles = {
        "the": ("o", "a", "os", "as"), "a": ("um", "uma", "uns", "umas"),
        "my": ("o meu", "a minha", "os meus", "as minhas"), "your-formal": ("o seu", "a sua", "os seus", "as suas"),
        "your-informal": ("o teu", "a tua", "os teus", "as tuas"),
    }  # fmt: skip
    adjectives = {
        "red": ("vermelho", "vermelha", "vermelhos", "vermelhas"), "green": ("verde", "verde", "verdes", "verdes"),
        "blue": ("azul", "azul", "azuis", "azuis"), "white": ("branco", "branca", "brancos", "brancas"),
        "black": ("preto", "preta", "pretos", "pretas"), "big": ("grande", "grande", "grandes", "grandes"),
        "small": ("pequeno", "pequena", "pequenos", "pequenas"), "new": ("novo", "nova", "novos", "novas"),
        "old": ("velho", "velha", "velhos", "velhas"), "young": ("jovem", "jovem", "jovens", "jovens"),
        "fresh": ("fresco", "fresca", "frescos", "frescas"), "hot": ("quente", "quente", "quentes", "quentes"),
        "cold": ("frio", "fria", "frios", "frias"), "expensive": ("caro", "cara", "caros", "caras"),
        "cheap": ("barato", "barata", "baratos", "baratas"), "tired": ("cansado", "cansada", "cansados", "cansadas"),
        "happy": ("feliz", "feliz", "felizes", "felizes"), "sick": ("doente", "doente", "doentes", "doentes"),
        "clean": ("limpo", "limpa", "limpos", "limpas"), "dirty": ("sujo", "suja", "sujos", "sujas"),
        "open": ("aberto", "aberta", "abertos", "abertas"), "closed": ("fechado", "fechada", "fechados", "fechadas"),
        "heavy": ("pesado", "pesada", "pesados", "pesadas"),
    }  # fmt: skip
    cities = {
        "Berlin": "Berlim",
        "Rome": "Roma",
        "Lisbon": "Lisboa",
        "Vienna": "Viena",
        "Prague": "Praga",
        "London": "Londres",
    }
    times = {
        "yesterday": "ontem", "today": "hoje", "tomorrow": "amanhã", "last_week": "na semana passada",
        "next_week": "na próxima semana|para a semana", "this_morning": "esta manhã|hoje de manhã",
        "this_evening": "esta noite|hoje à noite", "every_day": "todos os dias",
        "often": "com frequência|muitas vezes", "monday": "na segunda-feira", "tuesday": "na terça-feira",
        "wednesday": "na quarta-feira", "thursday": "na quinta-feira", "friday": "na sexta-feira",
        "saturday": "no sábado", "sunday": "no domingo",
    }  # fmt: skip
    pronouns_subject = {
        "we": "|nós", "person f": "|ela", "person m": "|ele", "thing f": "|ela", "thing m": "|ele",
        "person f plural": "|elas", "person m plural": "|eles", "thing f plural": "|elas", "thing m plural": "|eles",
    }  # fmt: skip
    words = {
        "there is": "há|existe", "in city": "em", "has": "tem;têm", "is": "é;são", "is passing": "está;estão",
        "was": "era;eram", "was passing": "estava|esteve;estavam|estiveram", "than": "do que|que",
        "costs": "custa;custam",
        "cost": "custou|custava;custaram|custavam", "weighs": "pesa;pesam", "at distance": "a", "lies": "fica|está",
        "degrees": "estão", "degrees past": "estavam|estiveram", "rain": "está a chover|chove",
        "rain past": "choveu|esteve a chover", "snow": "está a nevar|neva", "snow past": "nevou|esteve a nevar",
        "cold": "está frio|faz frio", "cold past": "esteve frio|estava frio|fez frio", "warm": "está calor|faz calor",
        "warm past": "esteve calor|estava calor|fez calor", "price of": "o preço de", "rise": "subiu|aumentou",
        "fall": "desceu|baixou", "by percent": "|em", "on is": "é|realiza-se", "on date": "no dia|a|em",
        "begin": "começa",
        "end": "acaba|termina", "depart": "parte|sai", "arrive": "chega", "open": "abre", "close": "fecha|encerra",
        "at time": "às",
        "appointment": "uma consulta|uma marcação|um compromisso",
        "where": "onde", "lies question": "está|fica;estão|ficam",
        "to": "a",
    }  # fmt: skip
    comparatives = {
        "big": "maior,maior,maiores,maiores", "small": "mais pequeno,mais pequena,mais pequenos,mais pequenas|"
        "menor,menor,menores,menores",
        "old": "mais velho,mais velha,mais velhos,mais velhas",
        "young": "mais novo,mais nova,mais novos,mais novas|mais jovem,mais jovem,mais jovens,mais jovens",
        "expensive": "mais caro,mais cara,mais caros,mais caras",
        "cheap": "mais barato,mais barata,mais baratos,mais baratas",
        "heavy": "mais pesado,mais pesada,mais pesados,mais pesadas",
    }  # fmt: skip

    def join(self, text: str) -> str:
        return CONTRACTED.sub(lambda found: CONTRACTION.get(found[1], found[1]), text)

    def number(self, count: int, gender: str) -> str:
        return "duas" if count == 2 and gender == "f" else self.numbers[count]

    def named(self, thing: Thing) -> Part:
        article = "a" if human_gender(thing.lexeme) == "f" else "o"
        return (f"{article} {thing.lexeme}", thing.lexeme)

    def fronted(self, time: Part) -> Part:
        return time

    def object(self, thing: Thing, meaning: Meaning, options: Options) -> Part:
        phrase = self.noun_phrase(thing, options)
        return self.of(phrase) if meaning.verb == "need" else phrase

    def predicate(self, m: Meaning, s: Subject) -> Part:
        many = s.plural
        infinitive, he, they, he_past, they_past, we_past = (word.replace("_", " ") for word in VERBS[m.verb])
        no = "não " if m.negative else ""
        if m.mood:
            modal = {
                "want": ("quer", "querem"),
                "can": ("pode", "podem"),
                "must": (("tem de", "deve"), ("têm de", "devem")),
            }
            found = modal[m.mood][many]
            verb = "ir buscar" if m.verb == "pick_up" else infinitive
            return tuple(f"{no}{word} {verb}" for word in ((found,) if isinstance(found, str) else found))
        if m.tense == "present":
            return no + (they if many else he)
        if m.tense == "future":
            going = "vamos" if s.person == 1 else ("vão" if many else "vai")
            if m.verb == "go":
                return no + going
            return (f"{no}{going} {infinitive}",)
        return no + (we_past if s.person == 1 else (they_past if many else he_past))

    def did(self, m: Meaning, o: Options) -> list[Line]:
        place, time = self._around(m)
        return [
            self.question((s.text, self.predicate(m, s), self.object(m.object, m, o), place, time))
            for s in self.subjects(m.subject, o)
        ]

    # -- address -----------------------------------------------------------------------------------------------------

    neutral = frozenset(("a", "o", "os", "as", "com", "é", "que", "um"))
    pronouns = {
        "formal": ("senhor", "senhora", "seu", "sua", "seus", "suas", "lhe"),
        "informal": ("tu", "te", "ti", "teu", "tua", "teus", "tuas"),
    }
    openings = {
        "formal": {"hello": "Boa tarde", "excuse": "Desculpe"},
        "informal": {"hello": "Olá", "excuse": "Desculpa"},
    }
    closings = {
        "formal": {
            "thanks": "Agradeço-lhe muito.",
            "day": "Desejo-lhe um bom dia.",
            "regards": "Com os melhores cumprimentos",
        },
        "informal": {"thanks": "Agradeço-te imenso.", "day": "Bom dia para ti.", "regards": "Beijinhos"},
    }
    #: verb: imperative polite, imperative familiar, polite present, familiar present, familiar past
    ADDRESSED = {
        "show": "mostre mostra", "send": "envie envia", "bring": "traga traz", "open": "abra abre",
        "close": "feche fecha",
        "sell": "venda vende", "wash": "lave lava", "repair": "repare repara", "pick_up": "vá_buscar vai_buscar",
        "read": "leia lê",
    }  # fmt: skip
    FAMILIAR = {"forget": "esqueceste", "lose": "perdeste", "buy": "compraste", "find": "encontraste"}  # fmt: skip

    def _infinitive(self, m: Meaning) -> str:
        plain = "ir buscar" if m.verb == "pick_up" else VERBS[m.verb][0]
        return plain + ("-me" if m.verb in ("show", "send", "bring", "sell") else "")

    def ask_can(self, m: Meaning, o: Options) -> list[Line]:
        time, thing = (self.when(m.time) if m.time else ""), self.noun_phrase(m.object, o)
        can = (
            ("pode", "poderia", "podia", "o senhor pode", "a senhora pode")
            if o.register == "formal"
            else ("podes", "poderias", "podias")
        )
        return self.address(m, o, [(can, self._infinitive(m), thing, time)], True)

    def ask_please(self, m: Meaning, o: Options) -> list[Line]:
        time, thing = (self.when(m.time) if m.time else ""), self.noun_phrase(m.object, o)
        polite, familiar = (word.replace("_", " ") for word in self.ADDRESSED[m.verb].split())
        verb = (polite if o.register == "formal" else familiar) + ("-me" if self._infinitive(m).endswith("-me") else "")
        cores: list[Line] = [("por favor,", verb, thing, time), (verb, thing, time, ", por favor")]
        return self.address(m, o, cores, False)

    def you_lost(self, m: Meaning, o: Options) -> list[Line]:
        if o.register == "formal":
            past = VERBS[m.verb][3]
            verb: Part = (past, f"o senhor {past}", f"a senhora {past}")
        else:
            verb = (self.FAMILIAR[m.verb], f"tu {self.FAMILIAR[m.verb]}")
        return self.address(m, o, [(verb, self.noun_phrase(m.object, o), self.inside(m.place))], False)

    def you_where(self, m: Meaning, o: Options) -> list[Line]:
        past = VERBS[m.verb][3]
        if o.register == "formal":
            verb: Part = (past, f"é que {past}", f"é que o senhor {past}", f"é que a senhora {past}")
        else:
            verb = (self.FAMILIAR[m.verb], f"é que {self.FAMILIAR[m.verb]}")
        return self.address(m, o, [("onde", verb, self.noun_phrase(m.object, o))], True)

    def you_want(self, m: Meaning, o: Options) -> list[Line]:
        time, thing = (self.when(m.time) if m.time else ""), self.noun_phrase(m.object, o)
        formal = o.register == "formal"
        if m.verb == "look_for":
            verb, direct = ("está à procura", "procura") if formal else ("estás à procura", "procuras")
            return self.address(m, o, [(verb, self.of(thing), time), (direct, thing, time)], True)
        want = ("quer", "o senhor quer", "a senhora quer") if formal else ("queres",)
        return self.address(m, o, [(want, self._infinitive(m).removesuffix("-me"), thing, time)], True)

    def you_must(self, m: Meaning, o: Options) -> list[Line]:
        must = (
            ("tem de", "deve", "o senhor tem de", "a senhora tem de")
            if o.register == "formal"
            else ("tens de", "deves")
        )
        core = (must, self._infinitive(m).removesuffix("-me"), self.noun_phrase(m.object, o), self.inside(m.place))
        return self.address(m, o, [core], False)

    nouns = nouns("""
man: homem m homens
woman: mulher f mulheres
boy: menino m meninos | rapaz m rapazes
girl: menina f meninas | rapariga f raparigas
mother: mãe f mães
father: pai m pais
sister: irmã f irmãs
brother: irmão m irmãos
grandmother: avó f avós
grandfather: avô m avôs
aunt: tia f tias
uncle: tio m tios
doctor: médica f médicas | médico m médicos
baker: padeira f padeiras | padeiro m padeiros
gardener: jardineira f jardineiras | jardineiro m jardineiros
farmer: agricultora f agricultoras | agricultor m agricultores
singer: cantora f cantoras | cantor m cantores
teacher: professor m professores | professora f professoras
student: aluno m alunos | aluna f alunas
cook: cozinheiro m cozinheiros | cozinheira f cozinheiras
neighbor: vizinho m vizinhos | vizinha f vizinhas
driver: condutor m condutores | condutora f condutoras
inhabitant: habitante m habitantes
dog: cão m cães
cat: gato m gatos
horse: cavalo m cavalos
cow: vaca f vacas
bird: pássaro m pássaros
duck: pato m patos
rabbit: coelho m coelhos
goat: cabra f cabras
apple: maçã f maçãs
pear: pera f peras
orange: laranja f laranjas
tomato: tomate m tomates
egg: ovo m ovos
lemon: limão m limões
cake: bolo m bolos
bread: pão m pães
cheese: queijo m queijos
rice: arroz m arrozes
soup: sopa f sopas
fish: peixe m peixes
coffee: café m cafés
tea: chá m chás
milk: leite m leites
water: água f águas
juice: sumo m sumos
book: livro m livros
letter: carta f cartas
newspaper: jornal m jornais
key: chave f chaves
bag: mala f malas | saco m sacos
chair: cadeira f cadeiras
table: mesa f mesas
lamp: candeeiro m candeeiros | lâmpada f lâmpadas
camera: câmara f câmaras | máquina_fotográfica f máquinas_fotográficas
cup: chávena f chávenas
glass: copo m copos
bottle: garrafa f garrafas
plate: prato m pratos
phone: telemóvel m telemóveis | telefone m telefones
computer: computador m computadores
bicycle: bicicleta f bicicletas
car: carro m carros | automóvel m automóveis
umbrella: guarda-chuva m guarda-chuvas | chapéu-de-chuva m chapéus-de-chuva
ticket: bilhete m bilhetes
passport: passaporte m passaportes
shirt: camisa f camisas
hat: chapéu m chapéus
coat: casaco m casacos
flower: flor f flores
box: caixa f caixas
gift: presente m presentes | prenda f prendas
photo: fotografia f fotografias | foto f fotos
ball: bola f bolas
knife: faca f facas
spoon: colher f colheres
door: porta f portas
window: janela f janelas
bed: cama f camas
house: casa f casas
kitchen: cozinha f cozinhas
garden: jardim m jardins
school: escola f escolas
market: mercado m mercados
park: parque m parques
station: estação f estações
library: biblioteca f bibliotecas
hospital: hospital m hospitais
office: escritório m escritórios
shop: loja f lojas
restaurant: restaurante m restaurantes
village: aldeia f aldeias
city: cidade f cidades
hotel: hotel m hotéis
room: quarto m quartos | sala f salas
airport: aeroporto m aeroportos
museum: museu m museus
castle: castelo m castelos
meeting: reunião f reuniões
concert: concerto m concertos
exam: exame m exames
party: festa f festas
course: curso m cursos
wedding: casamento m casamentos | boda f bodas
train: comboio m comboios
bus: autocarro m autocarros
""")
    places = {
        name: (f"n{article} {noun}", f"{'ao' if article == 'o' else 'à'} {noun}|para {article} {noun}")
        for name, article, noun in (
            ("house", "a", "casa"), ("kitchen", "a", "cozinha"), ("garden", "o", "jardim"), ("school", "a", "escola"),
            ("market", "o", "mercado"), ("park", "o", "parque"), ("station", "a", "estação"),
            ("library", "a", "biblioteca"), ("hospital", "o", "hospital"), ("office", "o", "escritório"),
            ("shop", "a", "loja"), ("restaurant", "o", "restaurante"), ("village", "a", "aldeia"),
            ("city", "a", "cidade"), ("hotel", "o", "hotel"), ("room", "o", "quarto"), ("airport", "o", "aeroporto"),
            ("museum", "o", "museu"), ("castle", "o", "castelo"), ("box", "a", "caixa"), ("bag", "a", "mala"),
        )
    }  # fmt: skip
