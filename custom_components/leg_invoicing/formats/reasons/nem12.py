"""What is refused of files in NEM12."""

from ...billing.reasons import Text

INTERVAL = Text(
    en="interval {number}",
    de="Intervall {number}",
    fr="intervalle {number}",
    it="intervallo {number}",
)
NO_RECORD = Text(
    en="{kind!r} is no record of NEM12; they begin with 100 to 900",
    de="«{kind}» ist kein Satz von NEM12; sie beginnen mit 100 bis 900",
    fr="«{kind}» n’est pas un enregistrement de NEM12; ils commencent par 100 à 900",
    it="«{kind}» non è un record di NEM12; iniziano con 100 fino a 900",
)
BEGINS_WITH = Text(
    en="the file begins with a {kind} record; it has to be 100",
    de="die Datei beginnt mit einem Satz {kind}; es muss 100 sein",
    fr="le fichier commence par un enregistrement {kind}; il faut 100",
    it="il file inizia con un record {kind}; deve essere 100",
)
OUT_OF_PLACE = Text(
    en="a {kind} record cannot stand after {before}; the file is not complete",
    de="ein Satz {kind} kann nicht nach {before} stehen; die Datei ist nicht vollständig",
    fr="un enregistrement {kind} ne peut pas suivre {before}; le fichier n’est pas complet",
    it="un record {kind} non può stare dopo {before}; il file non è completo",
)
CUT_OFF = Text(
    en="the file ends without its 900 record, so it is not complete; get it anew",
    de="die Datei endet ohne ihren Satz 900, sie ist also nicht vollständig; hole sie neu",
    fr="le fichier finit sans son enregistrement 900, il n’est donc pas complet; obtenez-le à nouveau",
    it="il file finisce senza il record 900, quindi non è completo; procuratelo di nuovo",
)
NO_NMI = Text(
    en="the 200 record names no NMI or no suffix (such as E1); get the file anew",
    de="der Satz 200 nennt keine NMI oder keine Endung (etwa E1); hole die Datei neu",
    fr="l’enregistrement 200 ne nomme pas de NMI ou pas de suffixe (comme E1); obtenez à nouveau le fichier",
    it="il record 200 non nomina un NMI o un suffisso (come E1); procurati di nuovo il file",
)
UNKNOWN_LENGTH = Text(
    en="an interval length of {length!r} minutes; NEM12 has {known}",
    de="Intervalle von «{length}» Minuten; NEM12 hat {known}",
    fr="des intervalles de «{length}» minutes; NEM12 a {known}",
    it="intervalli di «{length}» minuti; NEM12 ha {known}",
)
OTHER_UNIT = Text(
    en="measures {unit}",
    de="misst {unit}",
    fr="mesure {unit}",
    it="misura {unit}",
)
NO_CHANNEL = Text(
    en="is no billing channel",
    de="ist kein Kanal für Rechnungen",
    fr="n’est pas un canal de facturation",
    it="non è un canale di fatturazione",
)
NOT_VARYING = Text(
    en="a 400 record, but the day's quality is not V; get the file anew",
    de="ein Satz 400, aber die Qualität des Tages ist nicht V; hole die Datei neu",
    fr="un enregistrement 400, mais la qualité du jour n’est pas V; obtenez à nouveau le fichier",
    it="un record 400, ma la qualità del giorno non è V; procurati di nuovo il file",
)
RUN_UNFIT = Text(
    en="the run {first} to {last} does not go on after interval {before}; each interval needs one quality",
    de="die Folge {first} bis {last} schliesst nicht an Intervall {before} an; jedes Intervall braucht eine Qualität",
    fr="la suite {first} à {last} ne continue pas après l’intervalle {before}; chaque intervalle a besoin d’une qualité",
    it="la serie da {first} a {last} non continua dopo l’intervallo {before}; ogni intervallo ha bisogno di una qualità",
)
RUNS_END = Text(
    en="the 400 records before end at interval {last} of {count}; each interval needs one quality",
    de="die Sätze 400 davor enden bei Intervall {last} von {count}; jedes Intervall braucht eine Qualität",
    fr="les enregistrements 400 précédents finissent à l’intervalle {last} de {count}; chaque intervalle a besoin d’une qualité",
    it="i record 400 precedenti finiscono all’intervallo {last} di {count}; ogni intervallo ha bisogno di una qualità",
)
NOT_NEM12 = Text(
    en="this is {text!r}, not NEM12; ask for interval data in NEM12",
    de="das ist «{text}», nicht NEM12; verlange Intervalldaten in NEM12",
    fr="c’est «{text}», pas NEM12; demandez des données d’intervalles en NEM12",
    it="è «{text}», non NEM12; chiedi dati di intervalli in NEM12",
)
NOT_CREATED = Text(
    en="the 100 record does not say when the file was made; get it anew",
    de="der Satz 100 sagt nicht, wann die Datei erstellt wurde; hole sie neu",
    fr="l’enregistrement 100 ne dit pas quand le fichier a été créé; obtenez-le à nouveau",
    it="il record 100 non dice quando il file è stato creato; procuratelo di nuovo",
)
SHORT_RECORD = Text(
    en="the {kind} record has {cells} values and needs {least}; the line is not complete",
    de="der Satz {kind} hat {cells} Werte und braucht {least}; die Zeile ist nicht vollständig",
    fr="l’enregistrement {kind} a {cells} valeurs et en demande {least}; la ligne n’est pas complète",
    it="il record {kind} ha {cells} valori e ne richiede {least}; la riga non è completa",
)
NO_DATE = Text(
    en="{text!r} is not a date; write it like 20260131",
    de="«{text}» ist kein Datum; schreibe es wie 20260131",
    fr="«{text}» n’est pas une date; écrivez-la comme 20260131",
    it="«{text}» non è una data; scrivila come 20260131",
)
NO_TIME = Text(
    en="{text!r} is not a time; write it like 20260201010203",
    de="«{text}» ist keine Zeit; schreibe sie wie 20260201010203",
    fr="«{text}» n’est pas une heure; écrivez-la comme 20260201010203",
    it="«{text}» non è un’ora; scrivila come 20260201010203",
)
NO_INTERVAL = Text(
    en="{text!r} is not the number of an interval; get the file anew",
    de="«{text}» ist nicht die Nummer eines Intervalls; hole die Datei neu",
    fr="«{text}» n’est pas le numéro d’un intervalle; obtenez à nouveau le fichier",
    it="«{text}» non è il numero di un intervallo; procurati di nuovo il file",
)
