"""What is refused of the messages of markets, and of feeds, in XML and NEM12."""

from ...billing.reasons import Text

NOT_XML = Text(
    en="this is not XML: {error}; get the file anew",
    de="das ist kein XML: {error}; hole die Datei neu",
    fr="ce n’est pas du XML: {error}; obtenez à nouveau le fichier",
    it="non è XML: {error}; procurati di nuovo il file",
)
OWN_ENTITIES = Text(
    en="the file defines entities of its own; get it without them",
    de="die Datei definiert eigene Entitäten; hole sie ohne diese",
    fr="le fichier définit ses propres entités; obtenez-le sans elles",
    it="il file definisce entità proprie; procuratelo senza",
)
NO_ENCODING = Text(
    en="{error}; save the file as UTF-8",
    de="{error}; speichere die Datei als UTF-8",
    fr="{error}; enregistrez le fichier en UTF-8",
    it="{error}; salva il file in UTF-8",
)
TOO_LARGE = Text(
    en="the file is too large; split it",
    de="die Datei ist zu gross; teile sie auf",
    fr="le fichier est trop grand; divisez-le",
    it="il file è troppo grande; dividilo",
)
LARGE_ELEMENT = Text(
    en="one element holds more than 4 MB; get it anew",
    de="ein Element enthält mehr als 4 MB; hole die Datei neu",
    fr="un élément contient plus de 4 Mo; obtenez à nouveau le fichier",
    it="un elemento contiene più di 4 MB; procurati di nuovo il file",
)
TOO_DEEP = Text(
    en="elements stand more than {deepest} levels deep; get the file anew",
    de="Elemente stehen mehr als {deepest} Stufen tief; hole die Datei neu",
    fr="des éléments sont à plus de {deepest} niveaux; obtenez à nouveau le fichier",
    it="gli elementi stanno a più di {deepest} livelli; procurati di nuovo il file",
)
NOT_CREATED = Text(
    en="{text!r} is no time of creation, and without it nobody can tell the newer of two deliveries; fetch the message again",
    de="«{text}» ist kein Zeitpunkt der Erstellung, und ohne ihn lässt sich die neuere von zwei Lieferungen nicht erkennen; rufe die Meldung noch einmal ab",
    fr="«{text}» n’est pas un moment de création, et sans lui on ne peut reconnaître la plus récente de deux livraisons; récupérez à nouveau le message",
    it="«{text}» non è un momento di creazione, e senza di esso non si riconosce la più recente di due consegne; recupera di nuovo il messaggio",
)
ELEMENT_MISSING = Text(
    en="{path} is missing; the message is incomplete, fetch it again",
    de="{path} fehlt; die Meldung ist unvollständig, rufe sie noch einmal ab",
    fr="{path} manque; le message est incomplet, récupérez-le à nouveau",
    it="manca {path}; il messaggio è incompleto, recuperalo di nuovo",
)
UNKNOWN_CODE = Text(
    en="{what} {code!r} is unknown; known are {known}",
    de="{what} «{code}» ist unbekannt; bekannt sind {known}",
    fr="{what} «{code}» est inconnu; sont connus {known}",
    it="{what} «{code}» è sconosciuto; sono noti {known}",
)
UNKNOWN_UNIT = Text(
    en="{what} {unit!r} is unknown; energies are in KWH",
    de="{what} «{unit}» ist unbekannt; Energien sind in KWH",
    fr="{what} «{unit}» est inconnu; les énergies sont en KWH",
    it="{what} «{unit}» è sconosciuto; le energie sono in KWH",
)
NO_WHOLE_NUMBER = Text(
    en="{text!r} is not a whole number; get the file anew",
    de="«{text}» ist keine ganze Zahl; hole die Datei neu",
    fr="«{text}» n’est pas un nombre entier; obtenez à nouveau le fichier",
    it="«{text}» non è un numero intero; procurati di nuovo il file",
)
NOT_ABOVE_ZERO = Text(
    en="{text!r} is not a whole number above zero; fetch the message again",
    de="«{text}» ist keine ganze Zahl über null; rufe die Meldung noch einmal ab",
    fr="«{text}» n’est pas un nombre entier supérieur à zéro; récupérez à nouveau le message",
    it="«{text}» non è un numero intero maggiore di zero; recupera di nuovo il messaggio",
)

NOT_E66 = Text(
    en="{tag} is not an E66 message; wanted is ValidatedMeteredData_12 to _16 of {namespace}",
    de="{tag} ist keine Meldung E66; gefragt ist ValidatedMeteredData_12 bis _16 von {namespace}",
    fr="{tag} n’est pas un message E66; il faut ValidatedMeteredData_12 à _16 de {namespace}",
    it="{tag} non è un messaggio E66; ci vuole ValidatedMeteredData_12 fino a _16 di {namespace}",
)
NOT_OF_TYPE_E66 = Text(
    en="the message is of type {kind}; only E66 can be read",
    de="die Meldung ist vom Typ {kind}; nur E66 kann gelesen werden",
    fr="le message est du type {kind}; seul E66 peut être lu",
    it="il messaggio è del tipo {kind}; si può leggere solo E66",
)
CANCELS = Text(
    en="the message cancels an earlier one and brings no values; leave it out and read the one that replaces it",
    de="die Meldung storniert eine frühere und bringt keine Werte; lass sie weg und lies die, welche sie ersetzt",
    fr="le message en annule un précédent et n’apporte pas de valeurs; laissez-le de côté et lisez celui qui le remplace",
    it="il messaggio ne annulla uno precedente e non porta valori; lascialo via e leggi quello che lo sostituisce",
)
NO_OBSERVATION = Text(
    en="the message holds no Observation; fetch it again",
    de="die Meldung enthält keine Observation; rufe sie noch einmal ab",
    fr="le message ne contient pas d’Observation; récupérez-le à nouveau",
    it="il messaggio non contiene Observation; recuperalo di nuovo",
)
NO_SWISS_POINT = Text(
    en="there is neither a ConsumptionMeteringPoint nor a ProductionMeteringPoint with a VSENationalID; only these can be a house's",
    de="es gibt weder einen ConsumptionMeteringPoint noch einen ProductionMeteringPoint mit VSENationalID; nur diese können die eines Hauses sein",
    fr="il n’y a ni ConsumptionMeteringPoint ni ProductionMeteringPoint avec un VSENationalID; seuls ceux-ci peuvent être ceux d’une maison",
    it="non c’è né un ConsumptionMeteringPoint né un ProductionMeteringPoint con un VSENationalID; solo questi possono essere di una casa",
)
OUT_OF_SEQUENCE = Text(
    en="Sequence {sequence} comes after {before}; each stands there once, in ascending order",
    de="Sequence {sequence} kommt nach {before}; jede steht einmal da, in aufsteigender Reihenfolge",
    fr="Sequence {sequence} vient après {before}; chacune y est une fois, en ordre croissant",
    it="Sequence {sequence} viene dopo {before}; ognuna c’è una volta, in ordine crescente",
)
LONG_OBSERVATION = Text(
    en="an observation lasts {seconds} seconds; ask for the load profile, in quarter hours",
    de="eine Observation dauert {seconds} Sekunden; verlange den Lastgang in Viertelstunden",
    fr="une observation dure {seconds} secondes; demandez la courbe de charge, en quarts d’heure",
    it="un’osservazione dura {seconds} secondi; chiedi la curva di carico, in quarti d’ora",
)
AFTER_THE_END = Text(
    en="Sequence {sequence} lies after Interval/EndDateTime; the message contradicts itself, fetch it again",
    de="Sequence {sequence} liegt nach Interval/EndDateTime; die Meldung widerspricht sich, rufe sie noch einmal ab",
    fr="Sequence {sequence} est après Interval/EndDateTime; le message se contredit, récupérez-le à nouveau",
    it="Sequence {sequence} è dopo Interval/EndDateTime; il messaggio si contraddice, recuperalo di nuovo",
)
NO_ENERGY = Text(
    en="{unit} is no energy",
    de="{unit} ist keine Energie",
    fr="{unit} n’est pas une énergie",
    it="{unit} non è un’energia",
)

NOT_A_RECORD = Text(
    en="{tag} is not a ConsumptionRecord of {namespace}…; fetch the message of the energy community",
    de="{tag} ist kein ConsumptionRecord von {namespace}…; rufe die Meldung der Energiegemeinschaft ab",
    fr="{tag} n’est pas un ConsumptionRecord de {namespace}…; récupérez le message de la communauté énergétique",
    it="{tag} non è un ConsumptionRecord di {namespace}…; recupera il messaggio della comunità energetica",
)
NO_ENERGY_DATA = Text(
    en="there is no EnergyData with one of {codes}; ask for the quarter hours of the energy community",
    de="es gibt keine EnergyData mit einem von {codes}; verlange die Viertelstunden der Energiegemeinschaft",
    fr="il n’y a pas d’EnergyData avec l’un de {codes}; demandez les quarts d’heure de la communauté énergétique",
    it="non c’è EnergyData con uno di {codes}; chiedi i quarti d’ora della comunità energetica",
)
OTHER_LENGTH = Text(
    en="{start} to {end} is not an interval of {seconds} seconds, as MeteringIntervall says; fetch the message again",
    de="{start} bis {end} ist kein Intervall von {seconds} Sekunden, wie MeteringIntervall sagt; rufe die Meldung noch einmal ab",
    fr="{start} à {end} n’est pas un intervalle de {seconds} secondes, comme le dit MeteringIntervall; récupérez à nouveau le message",
    it="da {start} a {end} non è un intervallo di {seconds} secondi, come dice MeteringIntervall; recupera di nuovo il messaggio",
)
SUPERSEDED = Text(
    en="the file also has the part of it that takes part in the community",
    de="die Datei hat auch den Teil davon, der an der Gemeinschaft teilnimmt",
    fr="le fichier a aussi la part qui participe à la communauté",
    it="il file ha anche la parte che partecipa alla comunità",
)
NOT_AN_ENERGY = Text(
    en="it is no energy of its own in this community",
    de="es ist keine eigene Energie in dieser Gemeinschaft",
    fr="ce n’est pas une énergie propre dans cette communauté",
    it="non è un’energia a sé in questa comunità",
)

NO_ENTRIES = Text(
    en="the feed has no entries; download it again",
    de="der Feed hat keine Einträge; lade ihn noch einmal herunter",
    fr="le flux n’a pas d’entrées; téléchargez-le à nouveau",
    it="il feed non ha voci; scaricalo di nuovo",
)
NO_READING_TYPE = Text(
    en="no link leads to its ReadingType, so its unit is not known; download the whole feed",
    de="kein Link führt zu seinem ReadingType, darum ist die Einheit nicht bekannt; lade den ganzen Feed herunter",
    fr="aucun lien ne mène à son ReadingType, l’unité n’est donc pas connue; téléchargez tout le flux",
    it="nessun link porta al suo ReadingType, quindi l’unità non è nota; scarica l’intero feed",
)
NO_USAGE_POINT = Text(
    en="no link names its UsagePoint; download the whole feed",
    de="kein Link nennt seinen UsagePoint; lade den ganzen Feed herunter",
    fr="aucun lien ne nomme son UsagePoint; téléchargez tout le flux",
    it="nessun link nomina il suo UsagePoint; scarica l’intero feed",
)
POWER_OF_TEN = Text(
    en="a powerOfTenMultiplier of {power}; it has to be -12 to 12",
    de="ein powerOfTenMultiplier von {power}; er muss -12 bis 12 sein",
    fr="un powerOfTenMultiplier de {power}; il doit être de -12 à 12",
    it="un powerOfTenMultiplier di {power}; deve essere da -12 a 12",
)
DURATION = Text(
    en="a duration of {seconds} seconds; download the readings of intervals",
    de="eine Dauer von {seconds} Sekunden; lade die Werte von Intervallen herunter",
    fr="une durée de {seconds} secondes; téléchargez les valeurs d’intervalles",
    it="una durata di {seconds} secondi; scarica i valori di intervalli",
)
OTHER_UOM = Text(
    en="its uom is {uom!r}, not 72 (Wh)",
    de="sein uom ist «{uom}», nicht 72 (Wh)",
    fr="son uom est «{uom}», pas 72 (Wh)",
    it="il suo uom è «{uom}», non 72 (Wh)",
)
NO_ELECTRICITY = Text(
    en="its commodity {commodity} is not electricity",
    de="seine commodity {commodity} ist kein Strom",
    fr="sa commodity {commodity} n’est pas de l’électricité",
    it="la sua commodity {commodity} non è elettricità",
)
NO_DELTA = Text(
    en="accumulationBehaviour {behaviour} is no interval",
    de="accumulationBehaviour {behaviour} ist kein Intervall",
    fr="accumulationBehaviour {behaviour} n’est pas un intervalle",
    it="accumulationBehaviour {behaviour} non è un intervallo",
)
OTHER_DIRECTION = Text(
    en="its flowDirection is {direction!r}, not 1 or 19",
    de="seine flowDirection ist «{direction}», nicht 1 oder 19",
    fr="sa flowDirection est «{direction}», pas 1 ou 19",
    it="la sua flowDirection è «{direction}», non 1 o 19",
)
