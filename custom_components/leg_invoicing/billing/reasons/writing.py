"""What is refused of the way in which something is written down."""

from . import Text

WHOLE = Text(en="the whole", de="das Ganze", fr="le tout", it="il tutto")
ENTRY = Text(
    en="entry {number}",
    de="Eintrag {number}",
    fr="l’entrée {number}",
    it="la voce {number}",
)

DID_YOU_MEAN = Text(
    en="did you mean {name!r}?",
    de="ist «{name}» gemeint?",
    fr="s’agit-il de «{name}»?",
    it="si intende «{name}»?",
)
ONE_OF = Text(
    en="use {names}",
    de="möglich ist: {names}",
    fr="choix possibles: {names}",
    it="si può usare: {names}",
)
AND = Text(
    en="{one} and {other}",
    de="{one} und {other}",
    fr="{one} et {other}",
    it="{one} e {other}",
)

UNKNOWN_KEY = Text(
    en="there is no {key!r} here; {hint}",
    de="«{key}» gibt es hier nicht; {hint}",
    fr="«{key}» n’existe pas ici; {hint}",
    it="«{key}» qui non esiste; {hint}",
)
MISSING = Text(
    en="{key} is missing in {name}",
    de="{key} fehlt ({name})",
    fr="{key} manque ({name})",
    it="manca {key} ({name})",
)
NO_MAPPING = Text(
    en="{name} must be a mapping, written “key: value”",
    de="{name} muss eine Zuordnung sein, geschrieben «Schlüssel: Wert»",
    fr="{name} doit être une correspondance, écrite «clé: valeur»",
    it="{name} deve essere un’associazione, scritta «chiave: valore»",
)
NO_LIST = Text(
    en="{name} must be a list, each entry after a “-”",
    de="{name} muss eine Liste sein, jeder Eintrag nach einem «-»",
    fr="{name} doit être une liste, chaque entrée après un «-»",
    it="{name} deve essere un elenco, ogni voce dopo un «-»",
)
NO_TEXT = Text(
    en="{name} must be a text",
    de="{name} muss ein Text sein",
    fr="{name} doit être un texte",
    it="{name} deve essere un testo",
)
A_NUMBER = Text(
    en="{name} must be a number, such as 20.5",
    de="{name} muss eine Zahl sein, etwa 20.5",
    fr="{name} doit être un nombre, comme 20.5",
    it="{name} deve essere un numero, come 20.5",
)
NO_CHOICE = Text(
    en="{name} cannot be {value!r}; {hint}",
    de="{name} kann nicht «{value}» sein; {hint}",
    fr="{name} ne peut pas être «{value}»; {hint}",
    it="{name} non può essere «{value}»; {hint}",
)
NO_DATE = Text(
    en="{name} must be a date, written like 2026-01-31",
    de="{name} muss ein Datum sein, geschrieben wie 2026-01-31",
    fr="{name} doit être une date, écrite comme 2026-01-31",
    it="{name} deve essere una data, scritta come 2026-01-31",
)
OF_FIELD = Text(
    en="{name}: {reason}",
    de="{name}: {reason}",
    fr="{name}: {reason}",
    it="{name}: {reason}",
)
NO_NUMBER = Text(
    en="{text!r} is not a finite number; write digits with a decimal point and nothing else, such as 0.125",
    de="«{text}» ist keine endliche Zahl; schreibe Ziffern mit einem Dezimalpunkt und sonst nichts, etwa 0.125",
    fr="«{text}» n’est pas un nombre fini; écrivez des chiffres avec un point décimal et rien d’autre, comme 0.125",
    it="«{text}» non è un numero finito; scrivi cifre con un punto decimale e nient’altro, come 0.125",
)
NO_IBAN = Text(
    en="{text}: this is not the form of an IBAN; compare it with a bank statement",
    de="{text}: Das ist nicht die Form einer IBAN; vergleiche sie mit einem Kontoauszug",
    fr="{text}: ce n’est pas la forme d’un IBAN; comparez-le avec un relevé bancaire",
    it="{text}: non è la forma di un IBAN; confrontalo con un estratto conto",
)
WRONG_IBAN = Text(
    en="{text}: the check digits are wrong; compare it with a bank statement",
    de="{text}: Die Prüfziffern stimmen nicht; vergleiche sie mit einem Kontoauszug",
    fr="{text}: les chiffres de contrôle sont faux; comparez-le avec un relevé bancaire",
    it="{text}: le cifre di controllo sono sbagliate; confrontalo con un estratto conto",
)
NO_TARIFF = Text(
    en="there is no tariff {name!r}; {hint}",
    de="es gibt keinen Tarif «{name}»; {hint}",
    fr="il n’y a pas de tarif «{name}»; {hint}",
    it="non c’è una tariffa «{name}»; {hint}",
)
TOO_LONG = Text(
    en="{name} is {value}, which is more than twelve digits before the point, or sixty in all; check it",
    de="{name} ist {value}, das sind mehr als zwölf Stellen vor dem Komma oder sechzig im Ganzen; prüfe es",
    fr="{name} est {value}, soit plus de douze chiffres avant la virgule ou soixante en tout ; vérifiez",
    it="{name} è {value}, cioè più di dodici cifre prima della virgola o sessanta in tutto; controlla",
)
