"""Why a price does not follow a sensor."""

from .billing.reasons import Text

UNKNOWN_ENTITY = Text(
    en="{name}: {entity} is not among Home Assistant's entities, or has no unique ID by which it could be followed; choose another one",
    de="{name}: {entity} gehört nicht zu den Entitäten von Home Assistant oder hat keine eindeutige ID, anhand derer man ihr folgen könnte; wähle eine andere",
    fr="{name}: {entity} n’est pas parmi les entités de Home Assistant, ou n’a pas d’identifiant unique par lequel la suivre; choisissez-en une autre",
    it="{name}: {entity} non è tra le entità di Home Assistant, o non ha un ID univoco con cui seguirla; scegline un’altra",
)
NO_NUMBER = Text(
    en="{name}: {entity} shows {shown}, which is no number; choose another one",
    de="{name}: {entity} zeigt {shown}, was keine Zahl ist; wähle eine andere",
    fr="{name}: {entity} affiche {shown}, ce qui n’est pas un nombre; choisissez-en une autre",
    it="{name}: {entity} mostra {shown}, che non è un numero; scegline un’altra",
)
NO_UNIT = Text(en="no unit", de="keine Einheit", fr="aucune unité", it="nessuna unità")
OTHER_UNIT = Text(
    en="{name}: {entity} shows {unit} now, and not {written}; leave unit out, and check the multiplier",
    de="{name}: {entity} zeigt jetzt {unit} und nicht {written}; lass unit weg und prüfe den multiplier",
    fr="{name}: {entity} affiche maintenant {unit}, et non {written}; laissez unit de côté et vérifiez le multiplier",
    it="{name}: {entity} mostra ora {unit} e non {written}; lascia via unit e controlla il multiplier",
)
UNKNOWN_UNIT = Text(
    en="{name}: {entity} shows {unit}; write by which multiplier that becomes ct/kWh",
    de="{name}: {entity} zeigt {unit}; schreibe, mit welchem multiplier daraus ct/kWh werden",
    fr="{name}: {entity} affiche {unit}; écrivez par quel multiplier cela devient des ct/kWh",
    it="{name}: {entity} mostra {unit}; scrivi con quale multiplier diventa ct/kWh",
)
OTHER_CURRENCY = Text(
    en="{name}: {entity} shows {unit}, and the community's currency is {currency}; choose a sensor in that currency",
    de="{name}: {entity} zeigt {unit}, und die Währung der Gemeinschaft ist {currency}; wähle einen Sensor in dieser Währung",
    fr="{name}: {entity} affiche {unit}, et la monnaie de la communauté est {currency}; choisissez un capteur dans cette monnaie",
    it="{name}: {entity} mostra {unit}, e la valuta della comunità è {currency}; scegli un sensore in questa valuta",
)
NOT_GRAMS = Text(
    en="{name}: {entity} shows {unit}; choose a sensor in g/kWh, or write by which multiplier that becomes g/kWh",
    de="{name}: {entity} zeigt {unit}; wähle einen Sensor in g/kWh, oder schreibe, mit welchem multiplier daraus g/kWh werden",
    fr="{name}: {entity} affiche {unit}; choisissez un capteur en g/kWh, ou écrivez par quel multiplier cela devient des g/kWh",
    it="{name}: {entity} mostra {unit}; scegli un sensore in g/kWh, o scrivi con quale multiplier diventa g/kWh",
)
