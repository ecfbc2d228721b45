"""What is refused of fees, discounts and VAT."""

from . import Text

DISCOUNTS_OVER_ALL = Text(
    en="the discounts of {of} are more than 100 per cent together; lower one",
    de="die Rabatte auf {of} sind zusammen mehr als 100 Prozent; senke einen",
    fr="les rabais de {of} font ensemble plus de 100 pour cent; baissez-en un",
    it="gli sconti di {of} fanno insieme più del 100 per cento; abbassane uno",
)
FEE_PER_KWH_AND_METER = Text(
    en="a fee per kWh counts kWh, not meters; leave each out",
    de="eine Gebühr pro kWh zählt kWh, nicht Zähler; lass each weg",
    fr="des frais par kWh comptent des kWh, pas des compteurs; laissez each de côté",
    it="una tassa per kWh conta kWh, non contatori; lascia via each",
)
DISCOUNT_OF_NOTHING = Text(
    en="a discount is more than 0 ct; it is taken off as it is",
    de="ein Rabatt ist mehr als 0 ct; er wird so abgezogen, wie er dasteht",
    fr="un rabais est supérieur à 0 ct; il est déduit tel quel",
    it="uno sconto è più di 0 ct; viene dedotto così com’è",
)

NO_VAT_REASON = Text(
    en="the reason why there is no VAT is missing; add reason, or leave vat out if bills are to say nothing about it",
    de="es fehlt, warum keine MWST geschuldet ist; füge reason hinzu, oder lass vat weg, wenn Rechnungen nichts davon sagen sollen",
    fr="il manque pourquoi il n’y a pas de TVA; ajoutez reason, ou laissez vat de côté si les factures ne doivent rien en dire",
    it="manca perché non c’è IVA; aggiungi reason, o lascia via vat se le fatture non devono dirne nulla",
)
NO_VAT_NUMBER = Text(
    en="the VAT number of whoever owes this tax is missing; add number",
    de="die MWST-Nummer dessen, der diese Steuer schuldet, fehlt; füge number hinzu",
    fr="le numéro de TVA de qui doit cette taxe manque; ajoutez number",
    it="manca il numero IVA di chi deve questa imposta; aggiungi number",
)
RATE_WITHOUT_VAT = Text(
    en="there is no rate where there is no VAT; leave it out",
    de="ohne MWST gibt es keinen Satz; lass ihn weg",
    fr="sans TVA il n’y a pas de taux; laissez-le de côté",
    it="senza IVA non c’è un’aliquota; lasciala via",
)
REASON_WITH_VAT = Text(
    en="a reason is for bills without VAT; leave it out",
    de="eine Begründung ist für Rechnungen ohne MWST; lass sie weg",
    fr="un motif est pour les factures sans TVA; laissez-le de côté",
    it="un motivo è per le fatture senza IVA; lascialo via",
)
NO_RATE = Text(
    en="the rate of the VAT is missing; write per cent, such as 8.1",
    de="der Satz der MWST fehlt; schreibe Prozente, etwa 8.1",
    fr="le taux de la TVA manque; écrivez des pour cent, comme 8.1",
    it="manca l’aliquota dell’IVA; scrivi il per cento, come 8.1",
)
RATE_RANGE = Text(
    en="the rate of the VAT must be between 0 and 100 per cent, such as 8.1; where there is none, write mode: {mode} and the reason",
    de="der Satz der MWST muss zwischen 0 und 100 Prozent sein, etwa 8.1; wo es keine gibt, schreibe mode: {mode} und den Grund (reason)",
    fr="le taux de la TVA doit être entre 0 et 100 pour cent, comme 8.1; là où il n’y en a pas, écrivez mode: {mode} et le motif (reason)",
    it="l’aliquota dell’IVA deve essere tra 0 e 100 per cento, come 8.1; dove non c’è, scrivi mode: {mode} e il motivo (reason)",
)
