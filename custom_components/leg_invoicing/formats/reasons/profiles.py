"""What is refused of load profiles, of how they are laid out, and of their times."""

from ...billing.reasons import Text

NO_PROFILE = Text(
    en="this is not known; a load profile has a line that names its columns, and rows that begin with a time such as 31.01.2026 00:15",
    de="das ist nicht bekannt; ein Lastgang hat eine Zeile, die seine Spalten nennt, und Zeilen, die mit einer Zeit beginnen, etwa 31.01.2026 00:15",
    fr="ceci n’est pas connu; une courbe de charge a une ligne qui nomme ses colonnes, et des lignes qui commencent par une heure comme 31.01.2026 00:15",
    it="non è noto; una curva di carico ha una riga che nomina le colonne, e righe che iniziano con un’ora come 31.01.2026 00:15",
)
NO_TEXT = Text(
    en="this is no text; save the file as “CSV UTF-8”",
    de="das ist kein Text; speichere die Datei als «CSV UTF-8»",
    fr="ce n’est pas un texte; enregistrez le fichier comme «CSV UTF-8»",
    it="non è un testo; salva il file come «CSV UTF-8»",
)
NO_ENERGIES = Text(
    en="no column of energies; name one, such as “Bezug (kWh)” or “Rücklieferung (kWh)”; power in kW cannot be billed",
    de="keine Spalte mit Energien; nenne eine, etwa «Bezug (kWh)» oder «Rücklieferung (kWh)»; Leistung in kW kann nicht verrechnet werden",
    fr="pas de colonne d’énergies; nommez-en une, comme «Bezug (kWh)» ou «Rücklieferung (kWh)»; une puissance en kW ne peut pas être facturée",
    it="nessuna colonna di energie; nominane una, come «Bezug (kWh)» o «Rücklieferung (kWh)»; una potenza in kW non si può fatturare",
)
TOO_FEW_VALUES = Text(
    en="{cells} values, and the mapping needs {width}; the line is not complete",
    de="{cells} Werte, und der Aufbau braucht {width}; die Zeile ist nicht vollständig",
    fr="{cells} valeurs, et la disposition en demande {width}; la ligne n’est pas complète",
    it="{cells} valori, e la struttura ne richiede {width}; la riga non è completa",
)
NO_POINT = Text(
    en="the metering point is missing; check the column that names it",
    de="der Messpunkt fehlt; prüfe die Spalte, die ihn nennt",
    fr="le point de mesure manque; vérifiez la colonne qui le nomme",
    it="manca il punto di misura; controlla la colonna che lo nomina",
)
POINT_FOR_COMMA = Text(
    en="{text!r}: a point, where decimals have a comma; check how decimals are written",
    de="«{text}»: ein Punkt, wo Dezimalen ein Komma haben; prüfe, wie Dezimalen geschrieben sind",
    fr="«{text}»: un point, là où les décimales ont une virgule; vérifiez comment les décimales sont écrites",
    it="«{text}»: un punto, dove i decimali hanno una virgola; controlla come sono scritti i decimali",
)
NOT_LATER = Text(
    en="{text!r} is not later than the row before; put the rows in the order of time, each once",
    de="«{text}» ist nicht später als die Zeile davor; ordne die Zeilen nach der Zeit, jede einmal",
    fr="«{text}» n’est pas après la ligne précédente; mettez les lignes dans l’ordre du temps, chacune une fois",
    it="«{text}» non è dopo la riga precedente; metti le righe in ordine di tempo, ciascuna una volta",
)
NO_TIME = Text(
    en="{text!r} is not a time like {format}; check the mapping",
    de="«{text}» ist keine Zeit wie {format}; prüfe den Aufbau",
    fr="«{text}» n’est pas une heure comme {format}; vérifiez la disposition",
    it="«{text}» non è un’ora come {format}; controlla la struttura",
)
NEVER_WAS = Text(
    en="{text!r} does not exist in {zone}, where the clock is put forward; are the times of another zone?",
    de="«{text}» gibt es in {zone} nicht, wo die Uhr vorgestellt wird; sind die Zeiten die einer anderen Zone?",
    fr="«{text}» n’existe pas à {zone}, où l’horloge est avancée; les heures sont-elles d’un autre fuseau?",
    it="«{text}» non esiste a {zone}, dove l’orologio va avanti; le ore sono di un altro fuso?",
)
STANDS_AGAIN = Text(
    en="{time} stands there again or too late; times must ascend, and only the hour that October repeats comes twice",
    de="{time} steht nochmals oder zu spät da; Zeiten müssen aufsteigen, und nur die Stunde, die der Oktober wiederholt, kommt zweimal",
    fr="{time} y est encore ou trop tard; les heures doivent croître, et seule l’heure qu’octobre répète vient deux fois",
    it="{time} c’è di nuovo o troppo tardi; le ore devono crescere, e solo l’ora che ottobre ripete viene due volte",
)
ONCE_OF_TWO = Text(
    en="the hour before {time} happened twice, but stands there once; it is not known which one is meant, so export it with both",
    de="die Stunde vor {time} gab es zweimal, sie steht aber nur einmal da; welche gemeint ist, ist nicht bekannt, also exportiere sie mit beiden",
    fr="l’heure avant {time} a eu lieu deux fois, mais n’y est qu’une fois; on ne sait pas laquelle, exportez-la donc avec les deux",
    it="l’ora prima di {time} c’è stata due volte, ma compare una volta; non si sa quale sia, quindi esportala con entrambe",
)

UNKNOWN_SETTING = Text(
    en="{name!r} is not part of a layout; known are {known}",
    de="«{name}» ist kein Teil eines Aufbaus; bekannt sind {known}",
    fr="«{name}» ne fait pas partie d’une disposition; sont connus {known}",
    it="«{name}» non fa parte di una struttura; sono noti {known}",
)
WRONG_SETTING = Text(
    en="{name} cannot be {value!r}; {hint}",
    de="{name} kann nicht «{value}» sein; {hint}",
    fr="{name} ne peut pas être «{value}»; {hint}",
    it="{name} non può essere «{value}»; {hint}",
)
DOCUMENTED = Text(
    en="the documentation of load profiles says what it can be",
    de="was es sein kann, sagt die Dokumentation über Lastgänge",
    fr="la documentation sur les courbes de charge dit ce que c’est",
    it="la documentazione sulle curve di carico dice che cosa può essere",
)
FROM_ONE = Text(
    en="columns and lines are counted from 1",
    de="Spalten und Zeilen zählt man ab 1",
    fr="les colonnes et les lignes se comptent à partir de 1",
    it="colonne e righe si contano da 1",
)
TIME_COLUMNS = Text(
    en="a time stands in one column or in two",
    de="eine Zeit steht in einer Spalte oder in zweien",
    fr="une heure est dans une colonne ou dans deux",
    it="un’ora sta in una colonna o in due",
)
NO_ENERGY_COLUMN = Text(
    en="there must be a column of energies",
    de="es muss eine Spalte mit Energien geben",
    fr="il faut une colonne d’énergies",
    it="ci vuole una colonna di energie",
)
NOT_OF_COLUMN = Text(
    en="{name!r} says nothing of a column; use {known}",
    de="«{name}» sagt nichts über eine Spalte; möglich ist: {known}",
    fr="«{name}» ne dit rien d’une colonne; choix possibles: {known}",
    it="«{name}» non dice nulla di una colonna; si può usare: {known}",
)
