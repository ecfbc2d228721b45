"""What is refused of a metering concept."""

from . import Text

OF_METER = Text(
    en="meter {meter!r}: {reason}",
    de="Zähler «{meter}»: {reason}",
    fr="compteur «{meter}»: {reason}",
    it="contatore «{meter}»: {reason}",
)
FORMULA_UNREADABLE = Text(
    en="{text!r} is not understood; write it like main_2 - ev_2, with spaces",
    de="«{text}» ist nicht verständlich; schreibe es wie main_2 - ev_2, mit Leerzeichen",
    fr="«{text}» n’est pas compréhensible; écrivez comme main_2 - ev_2, avec des espaces",
    it="«{text}» non è comprensibile; scrivi come main_2 - ev_2, con spazi",
)
FACTOR_WITH_GRID = Text(
    en="a meter at the grid counts all energy, and {house} takes part with a factor; leave one of them out",
    de="ein Zähler am Netz zählt alle Energie, und {house} nimmt mit einem Faktor teil; lass eines von beiden weg",
    fr="un compteur au réseau compte toute l’énergie, et {house} participe avec un facteur; laissez l’un des deux de côté",
    it="un contatore alla rete conta tutta l’energia, e {house} partecipa con un fattore; lascia via uno dei due",
)

ID_OF_HOUSE = Text(
    en="a house has this id; give the meter another one, or that house",
    de="ein Haus hat diese Kennung; gib dem Zähler eine andere, oder jenes Haus",
    fr="une maison a cet identifiant; donnez-en un autre au compteur, ou cette maison",
    it="una casa ha questo identificativo; danne un altro al contatore, o quella casa",
)
OF_NO_HOUSE = Text(
    en="{role} belongs to no house; leave house out",
    de="{role} gehört zu keinem Haus; lass das Haus (house) weg",
    fr="{role} n’appartient à aucune maison; laissez la maison (house) de côté",
    it="{role} non appartiene a nessuna casa; lascia via la casa (house)",
)
HOUSE_MISSING = Text(
    en="house is missing; only a meter that a formula uses needs none, such as a component",
    de="das Haus (house) fehlt; nur ein Zähler, den eine Berechnung verwendet, braucht keines, etwa eine Komponente (component)",
    fr="la maison (house) manque; seul un compteur qu’un calcul utilise n’en a pas besoin, comme une composante (component)",
    it="manca la casa (house); solo un contatore usato da un calcolo non ne ha bisogno, come una componente (component)",
)
NO_HOUSE = Text(
    en="there is no house {house!r}; {hint}",
    de="es gibt kein Haus «{house}»; {hint}",
    fr="il n’y a pas de maison «{house}»; {hint}",
    it="non c’è una casa «{house}»; {hint}",
)
NO_PARTICIPANT = Text(
    en="nobody called {name!r} has {house}; {hint}",
    de="niemand namens «{name}» hat {house}; {hint}",
    fr="personne du nom de «{name}» n’a {house}; {hint}",
    it="nessuno di nome «{name}» ha {house}; {hint}",
)
NO_POINT = Text(
    en="there is no meter or house {point!r}; {hint}",
    de="es gibt keinen Zähler und kein Haus «{point}»; {hint}",
    fr="il n’y a ni compteur ni maison «{point}»; {hint}",
    it="non c’è né un contatore né una casa «{point}»; {hint}",
)
NONE_YET = Text(
    en="there are none yet",
    de="es gibt noch nichts davon",
    fr="il n’y en a pas encore",
    it="non ce ne sono ancora",
)
ENDS_TOO_EARLY = Text(
    en="it would end before it begins; choose a day after since",
    de="er würde enden, bevor er beginnt; wähle einen Tag nach dem Beginn (since)",
    fr="il finirait avant de commencer; choisissez un jour après le début (since)",
    it="finirebbe prima di iniziare; scegli un giorno dopo l’inizio (since)",
)
TWO_AT_GRID = Text(
    en="{grids} cannot both be the one at the grid; keep one of them",
    de="{grids} können nicht beide der Zähler am Netz sein; behalte einen davon",
    fr="{grids} ne peuvent pas être tous deux le compteur au réseau; gardez-en un",
    it="{grids} non possono essere entrambi il contatore alla rete; tienine uno",
)
OF_NOBODY = Text(
    en="{role} belongs to nobody and has no {setting}; leave it out",
    de="{role} gehört niemandem und hat kein {setting}; lass es weg",
    fr="{role} n’appartient à personne et n’a pas de {setting}; laissez-le de côté",
    it="{role} non appartiene a nessuno e non ha {setting}; lascialo via",
)
COMPONENT_CALCULATED = Text(
    en="a component is what formulas use, and is none itself; choose what this measures",
    de="eine Komponente (component) wird in Berechnungen verwendet und ist selbst keine; wähle, was er misst",
    fr="une composante (component) sert aux calculs et n’en est pas un; choisissez ce qu’il mesure",
    it="una componente (component) serve ai calcoli e non è un calcolo; scegli che cosa misura",
)

SHARE_MISSING = Text(
    en="needs a share: who pays which part of it",
    de="es fehlt die Aufteilung (share): wer welchen Teil davon zahlt",
    fr="il manque la répartition (share): qui en paie quelle part",
    it="manca la ripartizione (share): chi ne paga quale parte",
)
NOT_SHARED = Text(
    en="only {role} is shared; leave share out, or change the role",
    de="nur {role} wird aufgeteilt; lass die Aufteilung (share) weg, oder ändere die Rolle",
    fr="seul {role} est réparti; laissez la répartition (share) de côté, ou changez le rôle",
    it="solo {role} viene ripartito; lascia via la ripartizione (share), o cambia il ruolo",
)
PARTS_MISSING = Text(
    en="of is missing: the {by} of each house",
    de="die Teile (of) fehlen: {by} jedes Hauses",
    fr="les parts (of) manquent: {by} de chaque maison",
    it="mancano le parti (of): {by} di ogni casa",
)
NO_PARTS = Text(
    en="parts are zero or more, and one of them is more than zero",
    de="Teile sind null oder mehr, und einer davon ist mehr als null",
    fr="les parts sont de zéro ou plus, et l’une d’elles est supérieure à zéro",
    it="le parti sono zero o più, e una di esse è maggiore di zero",
)
NOT_HUNDRED = Text(
    en="the percentages add up to {total}; make them add up to 100",
    de="die Prozente ergeben zusammen {total}; lass sie 100 ergeben",
    fr="les pour cent font {total} en tout; faites-en 100",
    it="i per cento danno in tutto {total}; fai che diano 100",
)

NO_USERS_HERE = Text(
    en="only {role} has users; leave user and users out",
    de="nur {role} hat Karten; lass den Sensor (user) und die Karten (users) weg",
    fr="seul {role} a des badges; laissez le capteur (user) et les badges (users) de côté",
    it="solo {role} ha badge; lascia via il sensore (user) e i badge (users)",
)
USER_MISSING = Text(
    en="user is missing: the signal that says who charges",
    de="es fehlt der Sensor (user), der sagt, wer lädt",
    fr="il manque le capteur (user) qui dit qui charge",
    it="manca il sensore (user) che dice chi ricarica",
)
USERS_MISSING = Text(
    en="users is missing: the house of each value of the signal",
    de="es fehlen die Karten (users): das Haus zu jedem Wert des Sensors",
    fr="les badges (users) manquent: la maison de chaque valeur du capteur",
    it="mancano i badge (users): la casa di ogni valore del sensore",
)

FORMULA_OF_ITSELF = Text(
    en="it names the meter itself: a circle; name others",
    de="die Berechnung nennt den Zähler selbst, ein Kreis; nenne andere",
    fr="le calcul nomme le compteur lui-même, un cercle; nommez-en d’autres",
    it="il calcolo nomina il contatore stesso, un circolo; nominane altri",
)
FORMULA_OF_FORMULA = Text(
    en="{point!r} has a formula itself; write out its meters",
    de="«{point}» wird selbst berechnet; schreibe dessen Zähler aus",
    fr="«{point}» est lui-même calculé; écrivez ses compteurs",
    it="«{point}» è a sua volta calcolato; scrivi i suoi contatori",
)
SPACE_IN_ID = Text(
    en="the id {point!r} holds a space; choose one without",
    de="die Kennung «{point}» enthält ein Leerzeichen; wähle eine ohne",
    fr="l’identifiant «{point}» contient une espace; choisissez-en un sans",
    it="l’identificativo «{point}» contiene uno spazio; scegline uno senza",
)
TWICE_IN_FORMULA = Text(
    en="it names {point!r} twice; keep one of the two",
    de="die Berechnung nennt «{point}» zweimal; behalte eines davon",
    fr="le calcul nomme «{point}» deux fois; gardez-en une",
    it="il calcolo nomina «{point}» due volte; tienine una",
)
IN_TWO_FORMULAS = Text(
    en="another formula adds {point!r} too; keep one of the two",
    de="eine andere Berechnung addiert «{point}» auch; behalte eine von beiden",
    fr="un autre calcul additionne aussi «{point}»; gardez-en un des deux",
    it="anche un altro calcolo somma «{point}»; tienine uno dei due",
)

BEHIND_AND_ADDED = Text(
    en="a formula adds this meter; leave behind out",
    de="eine Berechnung addiert diesen Zähler; lass weg, wohinter er ist (behind)",
    fr="un calcul additionne ce compteur; laissez de côté derrière quoi il est (behind)",
    it="un calcolo somma questo contatore; lascia via dietro a che cosa sta (behind)",
)
BEHIND_ADDED = Text(
    en="{point!r} counts through a formula; name its meter",
    de="«{point}» zählt durch eine Berechnung; nenne deren Zähler",
    fr="«{point}» compte par un calcul; nommez le compteur calculé",
    it="«{point}» conta tramite un calcolo; nomina il contatore calcolato",
)
BEHIND_GRID = Text(
    en="everything is behind the grid's meter; leave behind out",
    de="hinter dem Zähler am Netz ist alles; lass weg, wohinter er ist (behind)",
    fr="tout est derrière le compteur au réseau; laissez de côté derrière quoi il est (behind)",
    it="tutto sta dietro il contatore alla rete; lascia via dietro a che cosa sta (behind)",
)
BEHIND_NOBODY = Text(
    en="{point!r} has no house to pay for the rest; give it one",
    de="«{point}» hat kein Haus, das den Rest zahlt; gib ihm eines",
    fr="«{point}» n’a pas de maison qui paie le reste; donnez-lui-en une",
    it="«{point}» non ha una casa che paghi il resto; dagliene una",
)
BEHIND_ITSELF = Text(
    en="it is behind itself: a circle; name the meter above it",
    de="der Zähler ist hinter sich selbst, ein Kreis; nenne den Zähler davor",
    fr="le compteur est derrière lui-même, un cercle; nommez celui au-dessus",
    it="il contatore sta dietro se stesso, un circolo; nomina quello sopra",
)
