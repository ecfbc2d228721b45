"""What is refused of a community's settings, and of who takes part in it."""

from . import Text

NO_TARIFFS = Text(
    en="there must be at least one tariff",
    de="es muss mindestens einen Tarif geben",
    fr="il faut au moins un tarif",
    it="ci vuole almeno una tariffa",
)
NO_ZONE = Text(
    en="there is no time zone {zone!r}; write its IANA name, such as Europe/Zurich",
    de="es gibt keine Zeitzone «{zone}»; schreibe ihren Namen nach IANA, etwa Europe/Zurich",
    fr="il n’y a pas de fuseau horaire «{zone}»; écrivez son nom IANA, comme Europe/Zurich",
    it="non c’è un fuso orario «{zone}»; scrivi il suo nome IANA, come Europe/Zurich",
)
NO_CURRENCY = Text(
    en="{code!r} is not the code of a currency as in ISO 4217, such as CHF, EUR or SEK",
    de="«{code}» ist nicht der Code einer Währung nach ISO 4217, etwa CHF, EUR oder SEK",
    fr="«{code}» n’est pas le code d’une monnaie selon ISO 4217, comme CHF, EUR ou SEK",
    it="«{code}» non è il codice di una valuta secondo ISO 4217, come CHF, EUR o SEK",
)
NO_INTERVAL = Text(
    en="interval cannot be {minutes!r} minutes; {hint}",
    de="interval kann nicht «{minutes}» Minuten sein; {hint}",
    fr="interval ne peut pas être «{minutes}» minutes; {hint}",
    it="interval non può essere «{minutes}» minuti; {hint}",
)
GAP_OF_NOTHING = Text(
    en="{name} must be a minute or more; for no gap at all, write policy: {policy}",
    de="{name} muss eine Minute oder mehr sein; für gar keine Lücke schreibe policy: {policy}",
    fr="{name} doit être d’une minute ou plus; pour aucune lacune, écrivez policy: {policy}",
    it="{name} deve essere un minuto o più; per nessuna lacuna scrivi policy: {policy}",
)
NO_COIN = Text(
    en="rounding is the smallest coin that there is, such as 0.05",
    de="rounding ist die kleinste Münze, die es gibt, etwa 0.05",
    fr="rounding est la plus petite pièce qui existe, comme 0.05",
    it="rounding è la moneta più piccola che esista, come 0.05",
)
COIN_TOO_FINE = Text(
    en="the smallest unit of {currency} is {unit}; write a multiple of it",
    de="die kleinste Einheit von {currency} ist {unit}; schreibe ein Vielfaches davon",
    fr="la plus petite unité de {currency} est {unit}; écrivez-en un multiple",
    it="l’unità più piccola di {currency} è {unit}; scrivine un multiplo",
)
WHOLE_PERCENT = Text(
    en="{name} must be more than 0 and 100 at most",
    de="{name} muss mehr als 0 und höchstens 100 sein",
    fr="{name} doit être supérieur à 0 et de 100 au plus",
    it="{name} deve essere maggiore di 0 e al massimo 100",
)
NEGATIVE = Text(
    en="{name} must be 0 or more, in {unit}",
    de="{name} muss 0 oder mehr sein, in {unit}",
    fr="{name} doit être 0 ou plus, en {unit}",
    it="{name} deve essere 0 o più, in {unit}",
)
TWO_ENTRIES = Text(
    en="two entries count from {day} on; keep one of them",
    de="ab {day} gelten zwei Einträge; behalte einen davon",
    fr="deux entrées comptent dès le {day}; gardez-en une",
    it="dal {day} valgono due voci; tienine una",
)
HOLIDAYS_WRITTEN = Text(
    en="holidays are dates, such as [2026-08-01, 2026-12-25], or a country's, such as {{country: CH}}",
    de="holidays sind Daten, etwa [2026-08-01, 2026-12-25], oder die eines Landes, etwa {{country: CH}}",
    fr="holidays sont des dates, comme [2026-08-01, 2026-12-25], ou celles d’un pays, comme {{country: CH}}",
    it="holidays sono date, come [2026-08-01, 2026-12-25], o quelle di un Paese, come {{country: CH}}",
)
NO_PARTS = Text(
    en="{country} has no parts; leave it out",
    de="{country} hat keine Teile; lass es weg",
    fr="{country} n’a pas de parties; laissez-la de côté",
    it="{country} non ha parti; lasciala via",
)
UNKNOWN_PART = Text(
    en="no holidays are known of {part!r}; {hint}",
    de="von «{part}» sind keine Feiertage bekannt; {hint}",
    fr="on ne connaît pas de jours fériés pour «{part}»; {hint}",
    it="di «{part}» non si conoscono giorni festivi; {hint}",
)
UNKNOWN_COUNTRY = Text(
    en="no holidays are known of {country!r}; write two letters as in ISO 3166, such as CH",
    de="von «{country}» sind keine Feiertage bekannt; schreibe zwei Buchstaben nach ISO 3166, etwa CH",
    fr="on ne connaît pas de jours fériés pour «{country}»; écrivez deux lettres selon ISO 3166, comme CH",
    it="di «{country}» non si conoscono giorni festivi; scrivi due lettere secondo ISO 3166, come CH",
)

OF_AGREEMENT = Text(
    en="{house}, {participant}: {reason}",
    de="{house}, {participant}: {reason}",
    fr="{house}, {participant}: {reason}",
    it="{house}, {participant}: {reason}",
)
ENDS_TOO_EARLY = Text(
    en="it ends before it begins; correct from or to",
    de="der Vertrag endet, bevor er beginnt; berichtige from oder to",
    fr="le contrat finit avant de commencer; corrigez from ou to",
    it="il contratto finisce prima di iniziare; correggi from o to",
)
HOUSE_TAKEN = Text(
    en="it begins on {day}, while {name} still has the house; correct from or to",
    de="der Vertrag beginnt am {day}, während {name} das Haus noch hat; berichtige from oder to",
    fr="le contrat commence le {day}, alors que {name} a encore la maison; corrigez from ou to",
    it="il contratto inizia il {day}, mentre {name} ha ancora la casa; correggi from o to",
)
INVOICE_OF_OTHER = Text(
    en="the invoice {invoice!r} is {name}'s; write another word, or the same participant",
    de="die Rechnung «{invoice}» ist die von {name}; schreibe ein anderes Wort, oder dieselbe Person",
    fr="la facture «{invoice}» est celle de {name}; écrivez un autre mot, ou le même participant",
    it="la fattura «{invoice}» è di {name}; scrivi un’altra parola, o lo stesso partecipante",
)
OF_PARTICIPANT = Text(
    en="{key} is the participant's; write participant: {{name: …, {key}: …}}",
    de="{key} gehört zur teilnehmenden Person; schreibe participant: {{name: …, {key}: …}}",
    fr="{key} appartient au participant; écrivez participant: {{name: …, {key}: …}}",
    it="{key} è del partecipante; scrivi participant: {{name: …, {key}: …}}",
)
FACTOR_RANGE = Text(
    en="factor is the part of the house that takes part, more than 0 and 1 at most; write 40 % as 0.4",
    de="factor ist der Teil des Hauses, der teilnimmt, mehr als 0 und höchstens 1; schreibe 40 % als 0.4",
    fr="factor est la part de la maison qui participe, supérieure à 0 et de 1 au plus; écrivez 40 % comme 0.4",
    it="factor è la parte della casa che partecipa, maggiore di 0 e al massimo 1; scrivi 40 % come 0.4",
)
NEVER_HERE = Text(
    en="nobody has had the house before {day}, so it cannot leave then; write a later day",
    de="vor dem {day} hatte niemand das Haus, also kann es dann nicht austreten; schreibe einen späteren Tag",
    fr="personne n’a eu la maison avant le {day}, elle ne peut donc pas partir alors; écrivez un jour plus tardif",
    it="nessuno ha avuto la casa prima del {day}, quindi non può uscire allora; scrivi un giorno più tardo",
)
STILL_HERE = Text(
    en="{name} still has the house on {day}; add to: {day} there",
    de="{name} hat das Haus am {day} noch; füge dort to: {day} hinzu",
    fr="{name} a encore la maison le {day}; ajoutez-y to: {day}",
    it="{name} ha ancora la casa il {day}; aggiungi lì to: {day}",
)

NEEDS_KEY = Text(
    en="{name} needs a key beside it; add allocation",
    de="{name} braucht einen Schlüssel daneben; füge allocation hinzu",
    fr="{name} a besoin d’une clé à côté; ajoutez allocation",
    it="{name} ha bisogno di una chiave accanto; aggiungi allocation",
)
TWO_KEYS = Text(
    en="two keys count from {day} on; keep one of them",
    de="ab {day} gelten zwei Schlüssel; behalte einen davon",
    fr="deux clés comptent dès le {day}; gardez-en une",
    it="dal {day} valgono due chiavi; tienine una",
)
LEAVES_OVER = Text(
    en="producers cannot share by {key}, which would leave energy over that somebody bought; {hint}",
    de="Erzeugende können nicht nach {key} teilen, denn es bliebe Energie übrig, die jemand gekauft hat; {hint}",
    fr="les producteurs ne peuvent pas partager selon {key}: il resterait de l’énergie que quelqu’un a achetée; {hint}",
    it="i produttori non possono ripartire secondo {key}: resterebbe energia che qualcuno ha comprato; {hint}",
)
WEIGHT_RANGE = Text(
    en="{name} must be 0 to 1; write 40 % as 0.4",
    de="{name} muss 0 bis 1 sein; schreibe 40 % als 0.4",
    fr="{name} doit être de 0 à 1; écrivez 40 % comme 0.4",
    it="{name} deve essere da 0 a 1; scrivi 40 % come 0.4",
)
WEIGHTS_OVER_ONE = Text(
    en="the weights add up to {total}; they may be 1 at most, write 40 % as 0.4",
    de="die Anteile ergeben zusammen {total}; sie dürfen höchstens 1 sein, schreibe 40 % als 0.4",
    fr="les parts font {total} en tout; elles peuvent faire 1 au plus, écrivez 40 % comme 0.4",
    it="le quote danno in tutto {total}; possono essere al massimo 1, scrivi 40 % come 0.4",
)
WEIGHTS_OVER_ONE_SINCE = Text(
    en="the weights add up to {total} from {day} on; they may be 1 at most, write 40 % as 0.4",
    de="die Anteile ergeben ab {day} zusammen {total}; sie dürfen höchstens 1 sein, schreibe 40 % als 0.4",
    fr="dès le {day}, les parts font {total} en tout; elles peuvent faire 1 au plus, écrivez 40 % comme 0.4",
    it="dal {day} le quote danno in tutto {total}; possono essere al massimo 1, scrivi 40 % come 0.4",
)
TWICE_IN_ORDER = Text(
    en="{house!r} stands in the order already; keep one of them",
    de="«{house}» steht schon in der Reihenfolge; behalte eines davon",
    fr="«{house}» est déjà dans l’ordre; gardez-en une",
    it="«{house}» è già nell’ordine; tienine una",
)
NO_AGREEMENT = Text(
    en="there is no agreement about a house {house!r}; {hint}",
    de="es gibt keinen Vertrag über ein Haus «{house}»; {hint}",
    fr="il n’y a pas de contrat sur une maison «{house}»; {hint}",
    it="non c’è un contratto su una casa «{house}»; {hint}",
)
NO_AGREEMENTS = Text(
    en="there are no agreements, and so no houses to name here",
    de="es gibt keine Verträge, und darum keine Häuser, die hier zu nennen wären",
    fr="il n’y a pas de contrats, et donc pas de maisons à nommer ici",
    it="non ci sono contratti, e quindi nessuna casa da nominare qui",
)
