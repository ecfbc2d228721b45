"""What is refused of changes that a simulation is to make."""

from . import Text

UNUSED_TARIFF = Text(
    en="no tariff is called {name!r}, and no agreement, member or meter uses a new one of that name; {hint}",
    de="kein Tarif heisst «{name}», und keine Vereinbarung, kein Mitglied und kein Zähler braucht einen neuen dieses Namens; {hint}",
    fr="aucun tarif ne s’appelle «{name}», et ni accord, ni membre, ni compteur n’en utilise un nouveau de ce nom; {hint}",
    it="nessuna tariffa si chiama «{name}», e nessun accordo, membro o contatore ne usa una nuova con questo nome; {hint}",
)
AS_MEASURED = Text(
    en="what was measured has its {key}; leave it out",
    de="was gemessen wurde, hat sein {key}; lass es weg",
    fr="ce qui a été mesuré a son {key}; laissez-le de côté",
    it="ciò che è stato misurato ha il suo {key}; lascialo via",
)
FORMULA_OF_OTHERS = Text(
    en="the formula of {meter!r} of {house!r} needs {point!r}, which is somebody else’s; choose a house with meters of its own",
    de="die Formel von «{meter}» von «{house}» braucht «{point}» von jemand anderem; wähle ein Haus mit eigenen Zählern",
    fr="la formule de «{meter}» de «{house}» utilise «{point}», qui est à quelqu’un d’autre; choisissez une maison avec ses propres compteurs",
    it="la formula di «{meter}» di «{house}» usa «{point}», che è di qualcun altro; scegli una casa con contatori propri",
)
FORMULA_NEEDS = Text(
    en="without {house!r} there is no {point!r}, which the formula of {meter!r} needs; leave the house of {meter!r} out, too, or change meters",
    de="ohne «{house}» gibt es «{point}» nicht, das die Formel von «{meter}» braucht; lass auch das Haus von «{meter}» weg, oder ändere meters",
    fr="sans «{house}», il n’y a pas «{point}», dont la formule de «{meter}» a besoin; retirez aussi la maison de «{meter}», ou changez meters",
    it="senza «{house}» non c’è «{point}», che serve alla formula di «{meter}»; togli anche la casa di «{meter}», o cambia meters",
)
NEGATIVE_TIMES = Text(
    en="{name} must be 0 or more; 0 for none at all",
    de="{name} muss 0 oder mehr sein; 0 für gar nichts",
    fr="{name} doit être 0 ou plus; 0 pour rien du tout",
    it="{name} deve essere 0 o più; 0 per niente",
)
FORMULA_OF_GRID = Text(
    en="with other members nobody knows what {point!r} would have counted, and the formula of {meter!r} names it; give meters of their own with the change",
    de="mit anderen Mitgliedern weiss niemand, was «{point}» gezählt hätte, und die Formel von «{meter}» nennt es; gib mit der Änderung eigene Zähler (meters) an",
    fr="avec d’autres membres, personne ne sait ce que «{point}» aurait compté, et la formule de «{meter}» le nomme ; indiquez des compteurs (meters) avec le changement",
    it="con altri membri nessuno sa che cosa avrebbe contato «{point}», e la formula di «{meter}» lo nomina; indica dei contatori (meters) con la modifica",
)
