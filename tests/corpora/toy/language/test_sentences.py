"""Hand-written sentences: one meaning a row, as a native writes it in each locale."""

import datetime
from decimal import Decimal

import pytest

from towerplus.corpora.toy.language import GRAMMARS, grammar_of
from towerplus.corpora.toy.language.grammar import Options
from towerplus.corpora.toy.language.meaning import Meaning, Thing

LOCALES = tuple(GRAMMARS)
N, NN = "\u00a0", "\u202f"  # no-break spaces, wide and narrow


def thing(lexeme, det="the", adjective="", count=0, plural=False):
    return Thing(lexeme, det, plural or det == "count", adjective, count)


def name(word):
    return Thing(word, "name")


ANNA, MARTIN = name("Anna"), name("Martin")
#: meaning, then one sentence a locale, in the order of LOCALES
ROWS = [
    (
        Meaning("act", ANNA, "buy", thing("bag", "a", "red"), place=thing("market"), time="monday"),
        "Anna bought a red bag at the market on Monday.",
        "Anna hat am Montag auf dem Markt eine rote Tasche gekauft.",
        "Anna a acheté un sac rouge au marché lundi.",
        "Na segunda-feira a Anna comprou uma mala vermelha no mercado.",
        "El lunes Anna compró una bolsa roja en el mercado.",
        "В понедельник Анна купила красную сумку на рынке.",
    ),
    (
        Meaning("act", thing("man"), "find", thing("dog"), negative=True),
        "The man did not find the dog.",
        "Der Mann hat den Hund nicht gefunden.",
        "L'homme n'a pas trouvé le chien.",
        "O homem não encontrou o cão.",
        "El hombre no encontró al perro.",
        "Мужчина не нашёл собаку.",
    ),
    (
        Meaning("act", thing("woman"), "buy", thing("apple", "a"), negative=True, time="yesterday"),
        "The woman did not buy an apple yesterday.",
        "Die Frau hat gestern keinen Apfel gekauft.",
        "La femme n'a pas acheté de pomme hier.",
        "Ontem a mulher não comprou uma maçã.",
        "Ayer la mujer no compró una manzana.",
        "Вчера женщина не купила яблоко.",
    ),
    (
        Meaning("act", thing("boy"), "drink", thing("milk", "none"), time="often", tense="present"),
        "The boy often drinks milk.",
        "Der Junge trinkt oft Milch.",
        "Le garçon boit souvent du lait.",
        "O menino bebe leite com frequência.",
        "El niño toma leche con frecuencia.",
        "Мальчик часто пьёт молоко.",
    ),
    (
        Meaning("act", thing("mother", "my"), "drink", thing("water", "none"), time="every_day", tense="present"),
        "My mother drinks water every day.",
        "Meine Mutter trinkt jeden Tag Wasser.",
        "Ma mère boit de l'eau tous les jours.",
        "A minha mãe bebe água todos os dias.",
        "Mi madre toma agua todos los días.",
        "Каждый день моя мама пьёт воду.",
    ),
    (
        Meaning(
            "act",
            thing("girl", plural=True),
            "pick_up",
            thing("ticket", "count", "", 2),
            time="tomorrow",
            tense="future",
        ),
        "The girls will pick up two tickets tomorrow.",
        "Die Mädchen werden morgen zwei Tickets abholen.",
        "Les filles vont récupérer deux billets demain.",
        "Amanhã as meninas vão buscar dois bilhetes.",
        "Mañana las niñas van a recoger dos boletos.",
        "Завтра девочки заберут два билета.",
    ),
    (
        Meaning("act", MARTIN, "sell", thing("chair", "count", "white", 5), time="last_week"),
        "Martin sold five white chairs last week.",
        "Martin hat letzte Woche fünf weiße Stühle verkauft.",
        "Martin a vendu cinq chaises blanches la semaine dernière.",
        "Na semana passada o Martin vendeu cinco cadeiras brancas.",
        "La semana pasada Martin vendió cinco sillas blancas.",
        "На прошлой неделе Мартин продал пять белых стульев.",
    ),
    (
        Meaning("act", Thing("we", "we", True), "open", thing("window", "the", "old")),
        "We opened the old window.",
        "Wir haben das alte Fenster geöffnet.",
        "Nous avons ouvert la vieille fenêtre.",
        "Abrimos a janela velha.",
        "Abrimos la ventana vieja.",
        "Мы открыли старое окно.",
    ),
    (
        Meaning("act", ANNA, "repair", thing("bicycle", "the"), tense="present", mood="want"),
        "Anna wants to repair the bicycle.",
        "Anna will das Fahrrad reparieren.",
        "Anna veut réparer le vélo.",
        "A Anna quer reparar a bicicleta.",
        "Anna quiere reparar la bicicleta.",
        "Анна хочет починить велосипед.",
    ),
    (
        Meaning("act", thing("aunt", "my"), "need", thing("umbrella", "a", "black"), tense="present"),
        "My aunt needs a black umbrella.",
        "Meine Tante braucht einen schwarzen Regenschirm.",
        "Ma tante a besoin d'un parapluie noir.",
        "A minha tia precisa de um guarda-chuva preto.",
        "Mi tía necesita un paraguas negro.",
        "Моей тёте нужен чёрный зонт.",
    ),
    (
        Meaning("act", thing("teacher"), "see", thing("brother", "my"), place=thing("park"), time="sunday"),
        "The teacher saw my brother in the park on Sunday.",
        "Der Lehrer hat meinen Bruder am Sonntag im Park gesehen.",
        "Le professeur a vu mon frère dans le parc dimanche.",
        "No domingo o professor viu o meu irmão no parque.",
        "El domingo el maestro vio a mi hermano en el parque.",
        "В воскресенье учитель видел моего брата в парке.",
    ),
    (
        Meaning("give", thing("father", "my"), "give", thing("flower", "a"), ANNA, time="saturday"),
        "My father gave Anna a flower on Saturday.",
        "Mein Vater hat Anna am Samstag eine Blume gegeben.",
        "Mon père a donné une fleur à Anna samedi.",
        "No sábado o meu pai deu uma flor à Anna.",
        "El sábado mi padre le dio una flor a Anna.",
        "В субботу мой папа дал Анне цветок.",
    ),
    (
        Meaning("give", ANNA, "send", thing("letter", "a"), thing("uncle", "my"), tense="future"),
        "Anna will send my uncle a letter.",
        "Anna wird meinem Onkel einen Brief schicken.",
        "Anna va envoyer une lettre à mon oncle.",
        "A Anna vai enviar uma carta ao meu tio.",
        "Anna le va a enviar una carta a mi tío.",
        "Анна отправит моему дяде письмо.",
    ),
    (
        Meaning("go", thing("sister", "my"), "go", place=thing("library"), time="wednesday"),
        "My sister went to the library on Wednesday.",
        "Meine Schwester ist am Mittwoch in die Bibliothek gegangen.",
        "Ma sœur est allée à la bibliothèque mercredi.",
        "Na quarta-feira a minha irmã foi à biblioteca.",
        "El miércoles mi hermana fue a la biblioteca.",
        "В среду моя сестра ходила в библиотеку.",
    ),
    (
        Meaning("stay", thing("grandfather", "my"), "live", place=name("Vienna"), tense="present"),
        "My grandfather lives in Vienna.",
        "Mein Großvater wohnt in Wien.",
        "Mon grand-père habite à Vienne.",
        "O meu avô vive em Viena.",
        "Mi abuelo vive en Viena.",
        "Мой дедушка живёт в Вене.",
    ),
    (
        Meaning("exist", object=thing("egg", "count", "", 3), place=thing("kitchen"), tense="present"),
        "There are three eggs in the kitchen.",
        "In der Küche gibt es drei Eier.",
        "Il y a trois œufs dans la cuisine.",
        "Há três ovos na cozinha.",
        "Hay tres huevos en la cocina.",
        "На кухне три яйца.",
    ),
    (
        Meaning("have", name("Daniel"), "have", thing("car", "a", "new"), tense="present"),
        "Daniel has a new car.",
        "Daniel hat ein neues Auto.",
        "Daniel a une nouvelle voiture.",
        "O Daniel tem um carro novo.",
        "Daniel tiene un carro nuevo.",
        "У Даниэля есть новая машина.",
    ),
    (
        Meaning("attr", thing("cup", plural=True), tense="present", adjective="clean"),
        "The cups are clean.",
        "Die Tassen sind sauber.",
        "Les tasses sont propres.",
        "As chávenas estão limpas.",
        "Las tazas están limpias.",
        "Чашки чистые.",
    ),
    (
        Meaning("attr", thing("grandmother", "my"), tense="past", adjective="sick", time="yesterday"),
        "My grandmother was sick yesterday.",
        "Meine Großmutter war gestern krank.",
        "Ma grand-mère était malade hier.",
        "Ontem a minha avó estava doente.",
        "Ayer mi abuela estaba enferma.",
        "Вчера моя бабушка была больна.",
    ),
    (
        Meaning("isa", name("Sofia"), "be", thing("doctor", "a"), tense="present"),
        "Sofia is a doctor.",
        "Sofia ist Ärztin.",
        "Sofia est médecin.",
        "A Sofia é médica.",
        "Sofia es doctora.",
        "София — врач.",
    ),
    (
        Meaning("compare", thing("table"), object=thing("chair"), adjective="expensive", tense="present"),
        "The table is more expensive than the chair.",
        "Der Tisch ist teurer als der Stuhl.",
        "La table est plus chère que la chaise.",
        "A mesa é mais cara do que a cadeira.",
        "La mesa es más cara que la silla.",
        "Стол дороже, чем стул.",
    ),
    (
        Meaning("price", thing("hat", "the", "blue"), value=Decimal("24.50"), unit="EUR", tense="present"),
        "The blue hat costs €24.50.",
        f"Der blaue Hut kostet 24,50{N}€.",
        f"Le chapeau bleu coûte 24,50{N}€.",
        f"O chapéu azul custa 24,50{N}€.",
        f"El sombrero azul cuesta EUR{N}24.50.",
        f"Синяя шляпа стоит 24,50{N}€.",
    ),
    (
        Meaning("distance", thing("airport"), object=thing("hotel"), value=Decimal("2.5"), unit="km"),
        "The airport is 2.5 km from the hotel.",
        "Der Flughafen ist 2,5 km vom Hotel entfernt.",
        f"L'aéroport est à 2,5{NN}km de l'hôtel.",
        "O aeroporto fica a 2,5 km do hotel.",
        "El aeropuerto está a 2.5 km del hotel.",
        "Аэропорт находится в 2,5 км от гостиницы.",
    ),
    (
        Meaning("population", thing("city"), object=thing("inhabitant", "none", plural=True), value=12_452),
        "The city has 12,452 inhabitants.",
        "Die Stadt hat 12.452 Einwohner.",
        f"La ville a 12{NN}452 habitants.",
        f"A cidade tem 12{N}452 habitantes.",
        "La ciudad tiene 12,452 habitantes.",
        f"В городе 12{N}452 жителя.",
    ),
    (
        Meaning(
            "percent", verb="rise", object=thing("milk", "none"), value=Decimal("3.5"), unit="percent", time="friday"
        ),
        "The price of milk rose by 3.5% on Friday.",
        f"Der Preis für Milch ist am Freitag um 3,5{N}% gestiegen.",
        f"Le prix du lait a augmenté de 3,5{N}% vendredi.",
        "Na sexta-feira o preço do leite subiu 3,5%.",
        "El viernes el precio de la leche subió un 3.5%.",
        f"В пятницу цена на молоко выросла на 3,5{N}%.",
    ),
    (
        Meaning("date", thing("concert"), "be", value=datetime.date(2024, 3, 5), unit="date", tense="present"),
        "The concert is on March 5, 2024.",
        "Das Konzert ist am 5. März 2024.",
        "Le concert a lieu le 5 mars 2024.",
        "O concerto é no dia 5 de março de 2024.",
        "El concierto es el 5 de marzo de 2024.",
        f"Концерт состоится 5 марта 2024{NN}г.",
    ),
    (
        Meaning("clock", thing("train"), "depart", value=datetime.time(15, 30), unit="time", tense="present"),
        f"The train leaves at 3:30{NN}PM.",
        "Der Zug fährt um 15:30 Uhr ab.",
        "Le train part à 15 h 30.",
        "O comboio parte às 15:30.",
        f"El tren sale a las 3:30{NN}p.m.",
        "Поезд отправляется в 15:30.",
    ),
    (
        Meaning("weather", verb="rain", place=name("Paris"), time="today"),
        "It is raining in Paris today.",
        "In Paris regnet es heute.",
        "Il pleut à Paris aujourd'hui.",
        "Hoje está a chover em Paris.",
        "Hoy está lloviendo en París.",
        "Сегодня в Париже идёт дождь.",
    ),
    (
        Meaning("who", None, "wash", thing("plate"), time="this_morning"),
        "Who washed the plate this morning?",
        "Wer hat den Teller heute Morgen gewaschen?",
        f"Qui a lavé l'assiette ce matin{NN}?",
        "Quem lavou o prato esta manhã?",
        "¿Quién lavó el plato esta mañana?",
        "Кто сегодня утром помыл тарелку?",
    ),
    (
        Meaning("did", name("Oscar"), "lose", thing("key"), time="thursday"),
        "Did Oscar lose the key on Thursday?",
        "Hat Oscar den Schlüssel am Donnerstag verloren?",
        f"Est-ce qu'Oscar a perdu la clé jeudi{NN}?",
        "O Oscar perdeu a chave na quinta-feira?",
        "¿Oscar perdió la llave el jueves?",
        "Оскар потерял ключ в четверг?",
    ),
    (
        Meaning("where", thing("cat", "my"), tense="present"),
        "Where is my cat?",
        "Wo ist meine Katze?",
        f"Où est mon chat{NN}?",
        "Onde está o meu gato?",
        "¿Dónde está mi gato?",
        "Где моя кошка?",
    ),
]
#: address: meaning, then the formal and the informal sentence of each target
ADDRESS = [
    (
        Meaning("ask_can", None, "show", thing("ticket", "your"), opening="hello", closing="thanks"),
        "Guten Tag, können Sie mir Ihr Ticket zeigen? Haben Sie vielen Dank.",
        "Hallo, kannst du mir dein Ticket zeigen? Danke dir.",
        f"Bonjour, pouvez-vous me montrer votre billet{NN}? Je vous remercie.",
        f"Salut, peux-tu me montrer ton billet{NN}? Merci à toi.",
        "Boa tarde, pode mostrar-me o seu bilhete? Agradeço-lhe muito.",
        "Olá, podes mostrar-me o teu bilhete? Agradeço-te imenso.",
        "Buenos días, ¿puede mostrarme su boleto? Se lo agradezco mucho.",
        "Hola, ¿puedes mostrarme tu boleto? Mil gracias.",
        "Здравствуйте, вы можете показать мне свой билет? Благодарю вас.",
        "Привет, ты можешь показать мне свой билет? Спасибо тебе.",
    ),
    (
        Meaning("ask_please", None, "bring", thing("umbrella", "your"), opening="excuse", time="tomorrow"),
        "Entschuldigen Sie, bitte bringen Sie mir morgen Ihren Regenschirm mit.",
        "Entschuldige, bitte bring mir morgen deinen Regenschirm mit.",
        "Excusez-moi, veuillez m'apporter votre parapluie demain.",
        "Excuse-moi, apporte-moi ton parapluie demain, s'il te plaît.",
        "Desculpe, por favor, traga-me o seu guarda-chuva amanhã.",
        "Desculpa, por favor, traz-me o teu guarda-chuva amanhã.",
        "Disculpe, por favor, tráigame su paraguas mañana.",
        "Disculpa, por favor, tráeme tu paraguas mañana.",
        "Извините, принесите мне, пожалуйста, ваш зонт завтра.",
        "Извини, принеси мне, пожалуйста, твой зонт завтра.",
    ),
    (
        Meaning("you_lost", None, "forget", thing("camera", "your"), name("Anna"), thing("hotel"), closing="regards"),
        "Sie haben Ihre Kamera im Hotel vergessen. Mit freundlichen Grüßen, Anna.",
        "Du hast deine Kamera im Hotel vergessen. Liebe Grüße, Anna.",
        "Vous avez oublié votre appareil photo à l'hôtel. Cordialement, Anna.",
        "Tu as oublié ton appareil photo à l'hôtel. Bises, Anna.",
        "Esqueceu a sua câmara no hotel. Com os melhores cumprimentos, Anna.",
        "Esqueceste a tua câmara no hotel. Beijinhos, Anna.",
        "Usted olvidó su cámara en el hotel. Atentamente, Anna.",
        "Olvidaste tu cámara en el hotel. Un abrazo, Anna.",
        "Вы забыли свою камеру в гостинице. С уважением, Анна.",
        "Ты забыл свою камеру в гостинице. Обнимаю, Анна.",
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=[row[1] for row in ROWS])
def test_sentences_as_natives_write_them(row):
    meaning, *expected = row
    assert [grammar_of(locale).say(meaning) for locale in LOCALES] == expected


@pytest.mark.parametrize("row", ADDRESS, ids=[row[1] for row in ADDRESS])
def test_address_in_both_registers(row):
    meaning, *expected = row
    said = [
        grammar_of(locale).say(meaning, Options(register))
        for locale in LOCALES[1:]
        for register in ("formal", "informal")
    ]
    assert said == expected


@pytest.mark.parametrize("row", [*ROWS, *ADDRESS], ids=[row[1] for row in [*ROWS, *ADDRESS]])
@pytest.mark.parametrize("locale", LOCALES)
def test_the_accepted_sentences_are_few_distinct_and_begin_with_the_preferred_one(row, locale):
    accepted = grammar_of(locale).accepted(row[0])
    assert accepted[0] == grammar_of(locale).say(row[0])
    assert len(accepted) == len(set(accepted)) <= 40


@pytest.mark.parametrize(
    ("locale", "row", "also"),
    [
        ("de", 0, "Am Montag hat Anna auf dem Markt eine rote Tasche gekauft."),
        ("de", 0, "Anna kaufte am Montag auf dem Markt eine rote Tasche."),
        ("de", 10, "Die Lehrerin hat am Sonntag meinen Bruder im Park gesehen."),
        ("fr", 29, "Oscar a-t-il perdu la clé jeudi\u202f?"),
        ("pt-PT", 13, "A minha irmã foi à biblioteca na quarta-feira."),
        ("es-419", 0, "Anna compró una bolsa roja en el mercado el lunes."),
        ("es-419", 3, "El niño bebe leche a menudo."),
        ("ru", 0, "Анна купила красную сумку на рынке в понедельник."),
        ("ru", 20, "Стол дороже стула."),
    ],
)
def test_other_good_translations_are_accepted(locale, row, also):
    assert also in grammar_of(locale).accepted(ROWS[row][0])
