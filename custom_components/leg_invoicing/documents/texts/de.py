"""German, in Swiss spelling."""

from types import MappingProxyType

from ...billing.explanations import Remark
from ...billing.findings import FindingCode
from ...billing.models import LineKind, Model
from ...billing.quality import Quality
from ...billing.statements import Unit
from .model import Texts

DE = Texts(
    invoice="Rechnung",
    credit="Gutschrift",
    number="Nummer",
    issued="Datum",
    due="Fällig am",
    settled="Abgerechnete Tage",
    period="Teil der Periode",
    house="Haus",
    vacancy="In diesen Tagen war das Haus nicht bewohnt. Sie werden dem Eigentümer verrechnet.",
    description="Beschreibung",
    days="Tage",
    quantity="kWh",
    price="{unit}/kWh",
    amount="{currency}",
    lines=MappingProxyType(
        {
            LineKind.IMPORT: "Bezogener Strom",
            LineKind.EXPORT: "Gelieferter Strom",
            LineKind.LOCAL_IMPORT: "Bezug aus der Gemeinschaft",
            LineKind.GRID_IMPORT: "Bezug aus dem Netz",
            LineKind.LOCAL_EXPORT: "Verkauf an die Gemeinschaft",
            LineKind.GRID_EXPORT: "Verkauf ins Netz",
            LineKind.FEE: "Gebühr",
            LineKind.DISCOUNT: "Rabatt",
            LineKind.VAT: "MWST",
            LineKind.SUPPLIER_VAT: "MWST des Hauses",
            LineKind.ROUNDING: "Rundung",
        }
    ),
    prices=MappingProxyType(
        {
            "p_pv": "Solarpreis",
            "p_con": "Preis der Gemeinschaft",
            "p_grid_del": "Einspeisepreis",
            "p_grid_con": "Netzpreis",
            "p_standard": "Standardprodukt",
        }
    ),
    percent_of_price="{percent} % von {price} ({of})",
    charged=MappingProxyType(
        {
            "energy": "Energie",
            "fees": "Gebühren",
            "all": "Energie und Gebühren",
        }
    ),
    tier_first="bis {to} kWh",
    tier_between="{above} bis {to} kWh",
    tier_last="über {above} kWh",
    tier_of="{tier}, von {kwh}",
    fee_units=MappingProxyType(
        {Unit.MONTH: "{amount} im Monat", Unit.YEAR: "{amount} im Jahr"}
    ),
    vat_on_top="MWST {rate} % auf {amount}",
    vat_included="Darin {rate} % MWST: {amount}",
    without_vat="ohne MWST: {amount}",
    vat_none="Keine MWST: {reason}",
    supplier_vat_on_top="Ihre MWST {rate} % auf {amount}",
    supplier_vat_included="Ihre MWST {rate} %, enthalten in Ihrer Lieferung: {amount}",
    supplier_vat_none="Keine MWST auf Ihrer Lieferung: {reason}",
    self_billing="Für Ihre Lieferung ist dieses Dokument eine Gutschrift, die wir in Ihrem Namen ausstellen. Die MWST darin schulden Sie; Ihre MWST-Nummer: {number}",
    vat_number="MWST-Nummer von {name}: {number}",
    of_line="Zeile {lines}",
    of_lines="Zeilen {lines}",
    unrounded="{lines}, ungerundet",
    nearest="das nächste Vielfache von {coin}",
    other_houses="{amount} von anderen Häusern auf der Rechnung",
    sum_of_intervals="Jedes Intervall zu seinem eigenen Preis (Intervalle: {count}), zusammen: {quantity}, {average} {unit}",
    remarks=MappingProxyType(
        {
            Remark.MEASUREMENTS_CHANGED: "Messwerte haben sich seither geändert; die Intervalle sind die, die jetzt gelten."
        }
    ),
    no_lines="In diesen Tagen ist keine Energie abzurechnen",
    subtotal="Zwischensumme",
    total="Total",
    cents=MappingProxyType({"CHF": "Rp.", "EUR": "ct", "GBP": "p", "USD": "¢"}),
    to_pay="Zu zahlen bis {due}",
    account="Konto",
    payee="Empfänger",
    reference="Mitteilung",
    pay_unknown="Bitte erfragen Sie bei {name}, auf welches Konto Sie zahlen können, und geben Sie die Mitteilung {number} an.",
    to_receive="Sie erhalten bis {due}",
    receive_on="Wir überweisen den Betrag auf Ihr Konto {iban}.",
    receive_unknown="Ihr Konto ist uns noch nicht bekannt: Bitte geben Sie der Kassierin oder dem Kassier Ihre IBAN an.",
    nothing_due="Nichts zu zahlen",
    nothing_to_do="Belastungen und Gutschriften heben sich auf. Sie müssen nichts unternehmen.",
    balance="Ihre Energie",
    consumption="Bezogen",
    delivery="Geliefert",
    from_community="aus der Gemeinschaft",
    from_grid="aus dem Netz",
    to_community="an die Gemeinschaft",
    to_grid="ins Netz",
    models=MappingProxyType(
        {
            Model.POOL: "Strom aus der Gemeinschaft und aus dem Netz kostet gleich viel; ebenso wird Strom, den Sie liefern, gleich vergütet.",
            Model.SPLIT: "In jedem Messintervall wird der vor Ort erzeugte Strom nach der vereinbarten Regel unter den Häusern verteilt; der Rest kommt aus dem Netz.",
            Model.LOCAL_ONLY: "In jedem Messintervall wird der vor Ort erzeugte Strom nach der vereinbarten Regel unter den Häusern verteilt. Strom aus dem Netz und ins Netz rechnet Ihr Energieversorger direkt mit Ihnen ab.",
            Model.BREAK_EVEN: "Die Preise ergeben sich in jedem Messintervall so, dass die Gemeinschaft weder gewinnt noch verliert. Oben stehen ihre Durchschnitte.",
        }
    ),
    saved="Sie haben gegenüber den Preisen des Netzbetreibers {amount} gespart",
    earned="Sie haben {amount} mehr erhalten als zu den Preisen des Netzbetreibers",
    lost="Sie sind um {amount} schlechter gefahren als zu den Preisen des Netzbetreibers",
    even="Sie sind gleich gut gefahren wie zu den Preisen des Netzbetreibers",
    elsewhere="Netzbetreiber",
    here="Hier",
    compared=MappingProxyType(
        {
            Model.POOL: "Verglichen wird aller Strom, den Sie bezogen und geliefert haben.",
            Model.SPLIT: "Verglichen wird aller Strom, den Sie bezogen und geliefert haben.",
            Model.LOCAL_ONLY: "Verglichen wird nur der Strom aus der Gemeinschaft und an die Gemeinschaft. Der Rest steht mit und ohne Gemeinschaft auf der Rechnung Ihres Energieversorgers.",
            Model.BREAK_EVEN: "Verglichen wird aller Strom, den Sie bezogen und geliefert haben, zu den Preisen jedes Messintervalls.",
        }
    ),
    besides="Gebühren, Rabatte und Rundung machen {amount} aus; damit fahren Sie hier um {gain} besser. MWST, die zu den Preisen hinzukommt, ist nicht verglichen.",
    besides_lost="Gebühren, Rabatte und Rundung machen {amount} aus; damit fahren Sie hier um {gain} schlechter. MWST, die zu den Preisen hinzukommt, ist nicht verglichen.",
    co2="Vermiedenes CO₂: {kg}, für {kwh} aus der Gemeinschaft zu {factor} g/kWh.",
    grid_discount="Der Netzbetreiber zieht {amount} auf seiner eigenen Rechnung ab: {percent} % seines Netznutzungsentgelts von {price} {unit}/kWh, für {kwh} aus der Gemeinschaft. Das ist kein Teil dieses Dokuments.",
    registers="Zählerstände, kWh",
    at="{date}, 00:00",
    difference="Differenz",
    meter_changed="Zähler gewechselt am {date}: alter Stand {final}, neuer Stand {first}.",
    import_register="Bezug",
    export_register="Lieferung",
    sessions="Ladevorgänge",
    further_sessions="{count} weitere Ladevorgänge",
    quality="Datenqualität",
    shares="{shares}; insgesamt {count} Messintervalle",
    qualities=MappingProxyType(
        {
            Quality.MEASURED: "gemessen",
            Quality.SUBSTITUTED: "vom Netzbetreiber ersetzt",
            Quality.MANUAL: "von Hand erfasst",
            Quality.INTERPOLATED: "interpoliert",
            Quality.ESTIMATED: "geschätzt",
            Quality.TEMPORARY: "vorläufig",
            Quality.MISSING: "fehlend",
        }
    ),
    affected="Betroffene Intervalle: {count}",
    findings=MappingProxyType(
        {
            FindingCode.MISSING_DATA: "Die Werte des Zählers fehlen. Energie aus dieser Zeit ist hier nicht enthalten.",
            FindingCode.TEMPORARY_DATA: "Es gibt bisher nur vorläufige Werte. Energie aus dieser Zeit ist hier nicht enthalten.",
            FindingCode.NO_AGREEMENT: "Es floss Energie, während niemand einen Vertrag für das Haus hatte. Sie ist hier nicht enthalten.",
            FindingCode.NO_TARIFF: "Ihr Tarif hatte noch keine Preise. Energie aus dieser Zeit ist hier nicht verrechnet.",
            FindingCode.PRICE_MISSING: "Für einen Teil der Energie war der Preis nicht bekannt: Der Wert, dem er folgt, fehlte. Diese Energie steht nicht auf dieser Rechnung.",
            FindingCode.INTERPOLATED_DATA: "Zwischen zwei Zählerständen fehlen Werte. Ihre Differenz ist genau; deren Verteilung auf die Intervalle ist interpoliert.",
            FindingCode.ALLOCATION_DIFFERS: "Die Zuteilung des Netzbetreibers zwischen Gemeinschaft und Netz weicht von unserer eigenen ab.",
            FindingCode.ALLOCATION_MISSING: "Die Zuteilung des Netzbetreibers lag nicht vor. Die Energie wurde nach unserer eigenen verteilt.",
            FindingCode.REGISTER_MISMATCH: "Die Intervalle ergeben {counted_kwh} kWh, der Zähler aber zählte {advanced_kwh} kWh.",
            FindingCode.GAP_TOO_LONG: "Zwischen zwei Zählerständen fehlen Werte länger, als die Gemeinschaft rechnerisch ergänzt. Es wurde entschieden, die berechneten Werte abzurechnen.",
            FindingCode.REGISTER_DROPPED: "Der Zählerstand fiel und blieb tief: Der Zähler wurde zurückgesetzt oder ersetzt oder ist gestört.",
            FindingCode.IMPLAUSIBLE_READING: "Ein Zählerstand lag weiter entfernt, als der Anschluss übertragen kann. Er wurde nicht verwendet.",
            FindingCode.METER_MISSING: "Der Zähler ist nicht mehr mit dem System der Gemeinschaft verbunden.",
            FindingCode.METER_UNAVAILABLE: "Der Zähler war nicht erreichbar.",
            FindingCode.UNKNOWN_UNIT: "Der Zähler sandte Werte in einer unbekannten Einheit. Sie wurden nicht verwendet.",
            FindingCode.METER_NEGATIVE: "Ein aus anderen berechneter Zähler ergab weniger als nichts. Er wurde als nichts verrechnet.",
            FindingCode.UNKNOWN_USER: "Jemand lud, den die Ladestation nicht kennt. Die Energie wurde dem Haus der Ladestation verrechnet.",
            FindingCode.GRID_DIFFERS: "Der Zähler am Netzanschluss und jene der Häuser stimmen nicht überein.",
            FindingCode.COMPARISON_MISSING: "Für einen Teil der Energie ist nicht bekannt, was sie anderswo kosten oder bringen würde: Der Wert, dem dieser Preis folgt, fehlte. Diese Energie ist verrechnet, aber nicht verglichen.",
            FindingCode.PRICE_ABOVE_CEILING: "Für die Energie dieser Tage werden {charged_ct} verrechnet. Die vereinbarte Obergrenze lässt {allowed_ct} zu: {percent} % des Preises des Standardprodukts für Strom aus der Gemeinschaft, und diesen Preis für verrechneten Strom aus dem Netz. Der Unterschied beträgt {difference_ct}.",
            FindingCode.CLOSED_PERIOD_CHANGED: "Messwerte haben sich geändert, seit diese Periode verrechnet wurde. Die Rechnung bleibt; eine Korrektur sagt, was anders ist.",
        }
    ),
    page="Seite {page} von {pages}",
)
