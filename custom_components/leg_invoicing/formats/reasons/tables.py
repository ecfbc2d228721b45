"""What is refused of files in general, and of tables with named columns."""

from ...billing.reasons import Text

AT = Text(
    en="{place}: {reason}",
    de="{place}: {reason}",
    fr="{place}: {reason}",
    it="{place}: {reason}",
)
UNREADABLE = Text(
    en="this cannot be read ({error}); check it, or get the file anew",
    de="das ist nicht lesbar ({error}); prüfe es, oder hole die Datei neu",
    fr="ceci n’est pas lisible ({error}); vérifiez-le, ou obtenez à nouveau le fichier",
    it="non è leggibile ({error}); controllalo, o procurati di nuovo il file",
)
UNKNOWN_FORMAT = Text(
    en="no known format; name it: {names}",
    de="kein bekanntes Format; nenne es: {names}",
    fr="aucun format connu; nommez-le: {names}",
    it="nessun formato noto; nominalo: {names}",
)
NOT_ENCODED = Text(
    en="the text is not {encoding}; save the file as “CSV UTF-8”",
    de="der Text ist nicht {encoding}; speichere die Datei als «CSV UTF-8»",
    fr="le texte n’est pas en {encoding}; enregistrez le fichier comme «CSV UTF-8»",
    it="il testo non è in {encoding}; salva il file come «CSV UTF-8»",
)
BAD_CSV = Text(
    en="{error}; check this line's quotation marks and its end",
    de="{error}; prüfe die Anführungszeichen dieser Zeile und ihr Ende",
    fr="{error}; vérifiez les guillemets de cette ligne et sa fin",
    it="{error}; controlla le virgolette di questa riga e la sua fine",
)
SEMICOLONS = Text(
    en="the columns are separated by “;”; use commas",
    de="die Spalten sind mit «;» getrennt; verwende Kommas",
    fr="les colonnes sont séparées par «;»; utilisez des virgules",
    it="le colonne sono separate da «;»; usa le virgole",
)
NO_COLUMN = Text(
    en="there is no column {name!r}; {hint}",
    de="es gibt keine Spalte «{name}»; {hint}",
    fr="il n’y a pas de colonne «{name}»; {hint}",
    it="non c’è una colonna «{name}»; {hint}",
)
COLUMN_TWICE = Text(
    en="the column {name!r} stands there twice; keep one of them",
    de="die Spalte «{name}» steht zweimal da; behalte eine davon",
    fr="la colonne «{name}» y est deux fois; gardez-en une",
    it="la colonna «{name}» c’è due volte; tienine una",
)
COLUMNS_MISSING = Text(
    en="missing {names}; the first line must name the columns, such as: {known}",
    de="es fehlt {names}; die erste Zeile muss die Spalten nennen, etwa: {known}",
    fr="il manque {names}; la première ligne doit nommer les colonnes, comme: {known}",
    it="manca {names}; la prima riga deve nominare le colonne, come: {known}",
)
CELL_COUNT = Text(
    en="{cells} values for {names} columns; check the commas",
    de="{cells} Werte für {names} Spalten; prüfe die Kommas",
    fr="{cells} valeurs pour {names} colonnes; vérifiez les virgules",
    it="{cells} valori per {names} colonne; controlla le virgole",
)

NO_HOUSE = Text(
    en="the house is missing; name it",
    de="das Haus fehlt; nenne es",
    fr="la maison manque; nommez-la",
    it="manca la casa; nominala",
)
NO_TIME = Text(
    en="{text!r} is not a time; write it like 2026-01-01T00:00:00+01:00",
    de="«{text}» ist keine Zeit; schreibe sie wie 2026-01-01T00:00:00+01:00",
    fr="«{text}» n’est pas une heure; écrivez-la comme 2026-01-01T00:00:00+01:00",
    it="«{text}» non è un’ora; scrivila come 2026-01-01T00:00:00+01:00",
)
NO_OFFSET = Text(
    en="{text!r} does not say its offset from UTC; write it like 2026-01-01T00:00:00+01:00 or 2025-12-31T23:00:00Z",
    de="«{text}» nennt seinen Abstand zu UTC nicht; schreibe es wie 2026-01-01T00:00:00+01:00 oder 2025-12-31T23:00:00Z",
    fr="«{text}» n’indique pas son décalage par rapport à UTC; écrivez comme 2026-01-01T00:00:00+01:00 ou 2025-12-31T23:00:00Z",
    it="«{text}» non indica lo scarto da UTC; scrivi come 2026-01-01T00:00:00+01:00 o 2025-12-31T23:00:00Z",
)
FRACTION_OF_SECOND = Text(
    en="{text!r} has a fraction of a second; leave it out",
    de="«{text}» hat einen Bruchteil einer Sekunde; lass ihn weg",
    fr="«{text}» a une fraction de seconde; laissez-la de côté",
    it="«{text}» ha una frazione di secondo; lasciala via",
)
OFF_GRID = Text(
    en="{text!r} is not the start of an interval of {minutes} minutes; check the time, or the length of the community's intervals",
    de="«{text}» ist nicht der Beginn eines Intervalls von {minutes} Minuten; prüfe die Zeit, oder die Länge der Intervalle der Gemeinschaft",
    fr="«{text}» n’est pas le début d’un intervalle de {minutes} minutes; vérifiez l’heure, ou la longueur des intervalles de la communauté",
    it="«{text}» non è l’inizio di un intervallo di {minutes} minuti; controlla l’ora, o la lunghezza degli intervalli della comunità",
)
IMPLAUSIBLE_TIME = Text(
    en="a time before 1970 or after 2199; check the year",
    de="eine Zeit vor 1970 oder nach 2199; prüfe das Jahr",
    fr="une heure avant 1970 ou après 2199; vérifiez l’année",
    it="un’ora prima del 1970 o dopo il 2199; controlla l’anno",
)
NEGATIVE = Text(
    en="{text} is negative; energy has a column each way",
    de="{text} ist negativ; Energie hat für jede Richtung eine Spalte",
    fr="{text} est négatif; l’énergie a une colonne pour chaque sens",
    it="{text} è negativo; l’energia ha una colonna per ogni verso",
)
NEGATIVE_CHANNEL = Text(
    en="{text} is negative; energy is counted each way by a channel of its own",
    de="{text} ist negativ; Energie wird in jeder Richtung von einem eigenen Kanal gezählt",
    fr="{text} est négatif; l’énergie est comptée dans chaque sens par son propre canal",
    it="{text} è negativo; l’energia è contata in ogni verso da un canale proprio",
)
TOO_MUCH = Text(
    en="{text} kWh is more than a meter can show; check the unit",
    de="{text} kWh ist mehr, als ein Zähler anzeigen kann; prüfe die Einheit",
    fr="{text} kWh est plus qu’un compteur ne peut afficher; vérifiez l’unité",
    it="{text} kWh è più di quanto un contatore possa mostrare; controlla l’unità",
)
UNKNOWN_QUALITY = Text(
    en="unknown quality {quality!r}; use {known}",
    de="unbekannte Qualität «{quality}»; möglich ist: {known}",
    fr="qualité inconnue «{quality}»; choix possibles: {known}",
    it="qualità sconosciuta «{quality}»; si può usare: {known}",
)
STANDS_TWICE = Text(
    en="{house} at {time} stands on line {line} with other values; keep one of the two",
    de="{house} steht um {time} auf Zeile {line} mit anderen Werten; behalte eine der beiden",
    fr="{house} à {time} est à la ligne {line} avec d’autres valeurs; gardez l’une des deux",
    it="{house} alle {time} è alla riga {line} con altri valori; tieni una delle due",
)
SIGNAL_TWICE = Text(
    en="{signal} at {time} stands on line {line} with another value; keep one of the two",
    de="{signal} steht um {time} auf Zeile {line} mit einem anderen Wert; behalte eine der beiden",
    fr="{signal} à {time} est à la ligne {line} avec une autre valeur; gardez l’une des deux",
    it="{signal} alle {time} è alla riga {line} con un altro valore; tieni una delle due",
)
NO_SIGNAL = Text(
    en="the signal is missing; name it",
    de="das Signal fehlt; nenne es",
    fr="le signal manque; nommez-le",
    it="manca il segnale; nominalo",
)
WRONG_END = Text(
    en="the end is not after the start, or over a year later; correct start or end",
    de="das Ende (end) ist nicht nach dem Beginn, oder über ein Jahr später; berichtige start oder end",
    fr="la fin (end) n’est pas après le début, ou plus d’un an après; corrigez start ou end",
    it="la fine (end) non è dopo l’inizio, o è oltre un anno dopo; correggi start o end",
)
UNFIT_INTERVALS = Text(
    en="intervals of {seconds} seconds do not fit {minutes} minutes",
    de="Intervalle von {seconds} Sekunden passen nicht zu {minutes} Minuten",
    fr="des intervalles de {seconds} secondes ne vont pas avec {minutes} minutes",
    it="intervalli di {seconds} secondi non si accordano con {minutes} minuti",
)

UNKNOWN_EVENT = Text(
    en="{event!r} is no event; only {known!r} is known",
    de="«{event}» ist kein Ereignis; bekannt ist nur «{known}»",
    fr="«{event}» n’est pas un événement; seul «{known}» est connu",
    it="«{event}» non è un evento; è noto solo «{known}»",
)
SWAP_OF_NOTHING = Text(
    en="a swap needs what the old meter showed last",
    de="zu einem swap gehört, was der alte Zähler zuletzt zeigte",
    fr="un swap a besoin de ce que l’ancien compteur a affiché en dernier",
    it="uno swap ha bisogno di ciò che il vecchio contatore ha mostrato per ultimo",
)
SWAP_UNPAIRED = Text(
    en="a swap of {house} is two rows, one after the other: what the old meter showed last and the new one first, of the same registers",
    de="ein swap von {house} ist zwei Zeilen, eine nach der andern: was der alte Zähler zuletzt zeigte und der neue zuerst, von denselben Registern",
    fr="un swap de {house} fait deux lignes, l’une après l’autre: ce que l’ancien compteur a affiché en dernier et le nouveau en premier, des mêmes registres",
    it="uno swap di {house} sono due righe, una dopo l’altra: ciò che il vecchio contatore ha mostrato per ultimo e il nuovo per primo, degli stessi registri",
)
SWAP_TOO_LOW = Text(
    en="the swap does not fit: the old meter has already shown {shown} kWh; check what it showed last",
    de="der swap passt nicht: Der alte Zähler hat schon {shown} kWh gezeigt; prüfe, was er zuletzt zeigte",
    fr="le swap ne va pas: l’ancien compteur a déjà affiché {shown} kWh; vérifiez ce qu’il a affiché en dernier",
    it="lo swap non va: il vecchio contatore ha già mostrato {shown} kWh; controlla ciò che ha mostrato per ultimo",
)
SWAP_TOO_HIGH = Text(
    en="the swap does not fit: the old meter can have shown {highest} kWh at most; check what it showed last",
    de="der swap passt nicht: Der alte Zähler kann höchstens {highest} kWh gezeigt haben; prüfe, was er zuletzt zeigte",
    fr="le swap ne va pas: l’ancien compteur peut avoir affiché {highest} kWh au plus; vérifiez ce qu’il a affiché en dernier",
    it="lo swap non va: il vecchio contatore può aver mostrato al massimo {highest} kWh; controlla ciò che ha mostrato per ultimo",
)
SWAP_UNFIT = Text(
    en="the swap does not fit what was read before; check both its rows",
    de="der swap passt nicht zu dem, was vorher abgelesen wurde; prüfe seine beiden Zeilen",
    fr="le swap ne va pas avec ce qui a été lu avant; vérifiez ses deux lignes",
    it="lo swap non si accorda con ciò che è stato letto prima; controlla le sue due righe",
)
OUT_OF_ORDER = Text(
    en="{time} is earlier than the line before of {house}; sort the readings by time",
    de="{time} ist früher als die vorhergehende Zeile von {house}; ordne die Ablesungen nach der Zeit",
    fr="{time} est plus tôt que la ligne précédente de {house}; triez les relevés par heure",
    it="{time} è prima della riga precedente di {house}; ordina le letture per ora",
)
