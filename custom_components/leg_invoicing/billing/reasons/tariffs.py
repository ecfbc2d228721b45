"""What is refused of a tariff: its versions, prices and bands."""

from . import Text

TWO_VERSIONS = Text(
    en="tariff {tariff!r} has two versions from {day} on; keep one",
    de="der Tarif «{tariff}» hat zwei Fassungen ab {day}; behalte eine",
    fr="le tarif «{tariff}» a deux versions dès le {day}; gardez-en une",
    it="la tariffa «{tariff}» ha due versioni dal {day}; tienine una",
)
NO_VERSION = Text(
    en="tariff {tariff!r} has no prices; add a version",
    de="der Tarif «{tariff}» hat keine Preise; füge eine Fassung hinzu",
    fr="le tarif «{tariff}» n’a pas de prix; ajoutez une version",
    it="la tariffa «{tariff}» non ha prezzi; aggiungi una versione",
)
TIERS_NOT_HEEDED = Text(
    en="under the model {model}, prices of intervals take the place of tiers; write a price without tiers, or choose another model",
    de="im Modell {model} treten Preise von Intervallen an die Stelle von Staffeln; schreibe einen Preis ohne Staffeln, oder wähle ein anderes Modell",
    fr="dans le modèle {model}, des prix par intervalle remplacent les paliers; écrivez un prix sans paliers, ou choisissez un autre modèle",
    it="nel modello {model} i prezzi degli intervalli prendono il posto degli scaglioni; scrivi un prezzo senza scaglioni, o scegli un altro modello",
)

REST_IS_ONE = Text(
    en="rest is one band, and whatever the others leave; write it once, with its name alone",
    de="rest ist ein einziges Zeitfenster: alles, was die anderen übrig lassen; schreibe es einmal, nur mit name",
    fr="rest est une seule plage: tout ce que les autres laissent; écrivez-la une fois, seulement avec name",
    it="rest è una sola fascia: tutto ciò che le altre lasciano; scrivila una volta, solo con name",
)
REST_IS_TRUE = Text(
    en="rest can only be true; leave it out otherwise",
    de="rest kann nur true sein; lass es sonst weg",
    fr="rest ne peut être que true; sinon, laissez-le de côté",
    it="rest può essere solo true; altrimenti lascialo via",
)
ONLY_REST = Text(
    en="there must be a band besides the rest; or leave bands out",
    de="neben dem Rest muss es ein Zeitfenster geben; oder lass bands weg",
    fr="il faut une plage à côté du reste; ou laissez bands de côté",
    it="oltre al resto ci vuole una fascia; o lascia via bands",
)
ALIKE_BANDS = Text(
    en="two bands are called alike: {names}; call one otherwise",
    de="zwei Zeitfenster heissen gleich: {names}; nenne eines anders",
    fr="deux plages ont le même nom: {names}; nommez-en une autrement",
    it="due fasce hanno lo stesso nome: {names}; chiamane una diversamente",
)
IN_TWO_BANDS = Text(
    en="{span} is in the bands {one} and {other}; let it be in one",
    de="{span} ist in den Zeitfenstern {one} und {other}; lass es in einem sein",
    fr="{span} est dans les plages {one} et {other}; mettez-le dans une seule",
    it="{span} è nelle fasce {one} e {other}; mettilo in una sola",
)
IN_NO_BAND = Text(
    en="{span} is in no band; add it to one, or let one have the rest",
    de="{span} ist in keinem Zeitfenster; füge es einem hinzu, oder gib einem den Rest",
    fr="{span} n’est dans aucune plage; ajoutez-le à une, ou donnez le reste à une",
    it="{span} non è in nessuna fascia; aggiungilo a una, o dai il resto a una",
)
OF_THE_YEAR = Text(
    en="{span} ({days} of the year)",
    de="{span} ({days} im Jahr)",
    fr="{span} ({days} de l’année)",
    it="{span} ({days} dell’anno)",
)
BAND_OF_NO_DAYS = Text(
    en="the band {band} is of no days; name some, or leave days out for all of them",
    de="das Zeitfenster {band} hat keine Tage; nenne welche, oder lass days weg für alle",
    fr="la plage {band} n’a pas de jours; nommez-en, ou laissez days de côté pour tous",
    it="la fascia {band} non ha giorni; nominane, o lascia via days per tutti",
)
BAND_OF_NO_HOLIDAYS = Text(
    en="the band {band} asks for holidays, and the community names none; name them first, as holidays of the community in a file, or under Configure › Rounding and holidays",
    de="das Zeitfenster {band} fragt nach Feiertagen, und die Gemeinschaft nennt keine; nenne sie zuerst, als holidays unter community in einer Datei, oder unter Konfigurieren › Rundung und Feiertage",
    fr="la plage {band} demande des jours fériés, et la communauté n’en nomme pas; nommez-les d’abord, comme holidays de community dans un fichier, ou sous Configurer › Arrondi et jours fériés",
    it="la fascia {band} chiede giorni festivi, e la comunità non ne nomina; nominali prima, come holidays di community in un file, o sotto Configura › Arrotondamento e giorni festivi",
)
BEGINS_AT_24 = Text(
    en="a band begins at 00:00, not at 24:00",
    de="ein Zeitfenster beginnt um 00:00, nicht um 24:00",
    fr="une plage commence à 00:00, pas à 24:00",
    it="una fascia inizia alle 00:00, non alle 24:00",
)
HOLIDAY_IN_WEEK = Text(
    en="a holiday is no weekday; write it by itself",
    de="ein Feiertag ist kein Wochentag; schreibe holiday für sich allein",
    fr="un jour férié n’est pas un jour de semaine; écrivez holiday à part",
    it="un festivo non è un giorno della settimana; scrivi holiday da solo",
)
NO_WEEKDAY = Text(
    en="there is no day {day!r}; {hint}",
    de="es gibt keinen Tag «{day}»; {hint}",
    fr="il n’y a pas de jour «{day}»; {hint}",
    it="non c’è un giorno «{day}»; {hint}",
)
NO_TIME = Text(
    en='{name} must be a time, written like "06:00"',
    de='{name} muss eine Zeit sein, geschrieben wie "06:00"',
    fr='{name} doit être une heure, écrite comme "06:00"',
    it='{name} deve essere un’ora, scritta come "06:00"',
)
INSIDE_INTERVAL = Text(
    en="{time} lies inside an interval of {minutes} minutes; begin and end bands between intervals",
    de="{time} liegt innerhalb eines Intervalls von {minutes} Minuten; lass Zeitfenster zwischen Intervallen beginnen und enden",
    fr="{time} est à l’intérieur d’un intervalle de {minutes} minutes; faites commencer et finir les plages entre deux intervalles",
    it="{time} è dentro un intervallo di {minutes} minuti; fai iniziare e finire le fasce tra due intervalli",
)
NO_SEASON = Text(
    en="a season is written like 10-01..03-31, month and day",
    de="eine Jahreszeit schreibt man wie 10-01..03-31, Monat und Tag",
    fr="une saison s’écrit comme 10-01..03-31, mois et jour",
    it="una stagione si scrive come 10-01..03-31, mese e giorno",
)
NO_DAY_OF_YEAR = Text(
    en="there is no day {day}; write month and day, such as 03-31",
    de="es gibt keinen Tag {day}; schreibe Monat und Tag, etwa 03-31",
    fr="il n’y a pas de jour {day}; écrivez le mois et le jour, comme 03-31",
    it="non c’è un giorno {day}; scrivi mese e giorno, come 03-31",
)

NO_MODES = Text(
    en="modes are bands with the values that make them, such as priority: [priority, boost]",
    de="modes sind Zeitfenster mit den Werten, die sie ausmachen, etwa priority: [priority, boost]",
    fr="modes sont des plages avec les valeurs qui les font, comme priority: [priority, boost]",
    it="modes sono fasce con i valori che le determinano, come priority: [priority, boost]",
)
NAMELESS_BAND = Text(
    en="a band needs a name",
    de="ein Zeitfenster braucht einen Namen",
    fr="une plage a besoin d’un nom",
    it="una fascia ha bisogno di un nome",
)
VALUE_OF_TWO_BANDS = Text(
    en="{values} makes two bands; name it in one",
    de="{values} macht zwei Zeitfenster aus; nenne es nur in einem",
    fr="{values} fait deux plages; nommez-le dans une seule",
    it="{values} determina due fasce; nominalo in una sola",
)
ENTITY_IN_TERMS = Text(
    en="in the file of --terms, write signal: and a name of the sensor, whose values are in the file of --signals",
    de="schreibe in der Datei von --terms signal: und einen Namen des Sensors, dessen Werte in der Datei von --signals stehen",
    fr="dans le fichier de --terms, écrivez signal: et un nom du capteur, dont les valeurs sont dans le fichier de --signals",
    it="nel file di --terms scrivi signal: e un nome del sensore, i cui valori sono nel file di --signals",
)
SIGNAL_TIMES_ZERO = Text(
    en="multiplied by 0 the signal would not count; write the price as a number",
    de="mit 0 multipliziert würde das Signal nicht zählen; schreibe den Preis als Zahl",
    fr="multiplié par 0, le signal ne compterait pas; écrivez le prix comme un nombre",
    it="moltiplicato per 0 il segnale non conterebbe; scrivi il prezzo come numero",
)

PERCENT_OF_EACH_OTHER = Text(
    en="{prices} are per cent of each other; write a number for one of them",
    de="{prices} sind Prozente voneinander; schreibe für einen der Preise eine Zahl",
    fr="{prices} sont des pour cent l’un de l’autre; écrivez un nombre pour l’un d’eux",
    it="{prices} sono per cento l’uno dell’altro; scrivi un numero per uno di loro",
)
PERCENT_OF_TIERS = Text(
    en="{of} has tiers, and {name} cannot be per cent of several prices; write a number, or tiers of its own",
    de="{of} hat Staffeln, und {name} kann nicht ein Prozentsatz mehrerer Preise sein; schreibe eine Zahl, oder eigene Staffeln",
    fr="{of} a des paliers, et {name} ne peut pas être un pour cent de plusieurs prix; écrivez un nombre, ou des paliers propres",
    it="{of} ha scaglioni, e {name} non può essere un per cento di più prezzi; scrivi un numero, o scaglioni propri",
)
PERCENT_OF_OTHER = Text(
    en="{name} cannot be per cent of {of}; {hint}",
    de="{name} kann nicht Prozent von {of} sein; {hint}",
    fr="{name} ne peut pas être un pour cent de {of}; {hint}",
    it="{name} non può essere un per cento di {of}; {hint}",
)
PERCENT_RANGE = Text(
    en="{name} must be more than 0 and {most} at most, with six decimals at most, such as 80",
    de="{name} muss mehr als 0 und höchstens {most} sein, mit höchstens sechs Nachkommastellen, etwa 80",
    fr="{name} doit être supérieur à 0 et de {most} au plus, avec six décimales au plus, comme 80",
    it="{name} deve essere maggiore di 0 e al massimo {most}, con al massimo sei decimali, come 80",
)
PRICE_WITHOUT_BANDS = Text(
    en="{name} has prices by band, but there are no bands; write one price",
    de="{name} hat Preise nach Zeitfenster, aber es gibt keine Zeitfenster; schreibe einen Preis",
    fr="{name} a des prix par plage, mais il n’y a pas de plages; écrivez un seul prix",
    it="{name} ha prezzi per fascia, ma non ci sono fasce; scrivi un solo prezzo",
)
TIERS_OF_GRID = Text(
    en="{name} is a price of the grid's and has no tiers; {tiered} may have them",
    de="{name} ist ein Preis des Netzes und hat keine Staffeln; {tiered} dürfen welche haben",
    fr="{name} est un prix du réseau et n’a pas de paliers; {tiered} peuvent en avoir",
    it="{name} è un prezzo della rete e non ha scaglioni; {tiered} possono averne",
)
ONE_TIER = Text(
    en="there must be two tiers or more; or write one price",
    de="es muss zwei oder mehr Staffeln geben; oder schreibe einen Preis",
    fr="il faut deux paliers ou plus; ou écrivez un seul prix",
    it="ci vogliono due o più scaglioni; o scrivi un solo prezzo",
)
LAST_TIER_ENDS = Text(
    en="the last tier has no end; leave to out, or add another tier",
    de="die letzte Staffel hat kein Ende; lass to weg, oder füge eine Staffel hinzu",
    fr="le dernier palier n’a pas de fin; laissez to de côté, ou ajoutez un palier",
    it="l’ultimo scaglione non ha fine; lascia via to, o aggiungi uno scaglione",
)
TIER_LIMIT = Text(
    en="{name} must be more than {above} kWh a month, with six decimals at most",
    de="{name} muss mehr als {above} kWh im Monat sein, mit höchstens sechs Nachkommastellen",
    fr="{name} doit être supérieur à {above} kWh par mois, avec six décimales au plus",
    it="{name} deve essere più di {above} kWh al mese, con al massimo sei decimali",
)
