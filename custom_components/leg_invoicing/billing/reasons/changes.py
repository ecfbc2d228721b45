"""What is refused of changes that a simulation is to make."""

from . import Text

UNUSED_TARIFF = Text(
    en="there is no tariff {name!r}; {hint}, or name a new one where it is to count, such as in agreements",
    de="es gibt keinen Tarif «{name}»; {hint}, oder nenne einen neuen dort, wo er gelten soll, etwa in agreements",
    fr="il n’y a pas de tarif «{name}»; {hint}, ou nommez-en un nouveau là où il doit compter, comme dans agreements",
    it="non c’è una tariffa «{name}»; {hint}, o nominane una nuova dove deve valere, come in agreements",
)
AS_MEASURED = Text(
    en="what was measured has its {key}; leave it out",
    de="was gemessen wurde, hat sein {key}; lass es weg",
    fr="ce qui a été mesuré a son {key}; laissez-le de côté",
    it="ciò che è stato misurato ha il suo {key}; lascialo via",
)
NO_METER = Text(
    en="{house!r} is the result of a formula, not a meter of its own; choose a house with a meter",
    de="«{house}» ist das Ergebnis einer Berechnung, kein eigener Zähler; wähle ein Haus mit einem Zähler",
    fr="«{house}» est le résultat d’un calcul, pas un compteur; choisissez une maison avec un compteur",
    it="«{house}» è il risultato di un calcolo, non un contatore proprio; scegli una casa con un contatore",
)
NEGATIVE_TIMES = Text(
    en="{name} must be 0 or more; 0 for none at all",
    de="{name} muss 0 oder mehr sein; 0 für gar nichts",
    fr="{name} doit être 0 ou plus; 0 pour rien du tout",
    it="{name} deve essere 0 o più; 0 per niente",
)
