"""Italian."""

from types import MappingProxyType

from ...billing.explanations import Remark
from ...billing.findings import FindingCode
from ...billing.models import LineKind, Model
from ...billing.quality import Quality
from ...billing.statements import Unit
from .model import Texts

IT = Texts(
    invoice="Fattura",
    credit="Nota di credito",
    number="Numero",
    issued="Data",
    due="Scadenza",
    settled="Giorni conteggiati",
    period="Parte del periodo",
    house="Casa",
    vacancy="In questi giorni la casa non era abitata. Sono fatturati al proprietario.",
    description="Descrizione",
    days="Giorni",
    quantity="kWh",
    price="{unit}/kWh",
    amount="{currency}",
    lines=MappingProxyType(
        {
            LineKind.IMPORT: "Elettricità consumata",
            LineKind.EXPORT: "Elettricità fornita",
            LineKind.LOCAL_IMPORT: "Acquisto dalla comunità",
            LineKind.GRID_IMPORT: "Acquisto dalla rete",
            LineKind.LOCAL_EXPORT: "Vendita alla comunità",
            LineKind.GRID_EXPORT: "Vendita alla rete",
            LineKind.FEE: "Tassa",
            LineKind.DISCOUNT: "Sconto",
            LineKind.VAT: "IVA",
            LineKind.SUPPLIER_VAT: "IVA della casa",
            LineKind.ROUNDING: "Arrotondamento",
        }
    ),
    prices=MappingProxyType(
        {
            "p_pv": "prezzo del solare",
            "p_con": "prezzo della comunità",
            "p_grid_del": "prezzo di ripresa",
            "p_grid_con": "prezzo della rete",
            "p_standard": "prodotto standard",
        }
    ),
    percent_of_price="{percent} % di {price} ({of})",
    charged=MappingProxyType(
        {
            "energy": "energia",
            "fees": "tasse",
            "all": "energia e tasse",
        }
    ),
    tier_first="fino a {to} kWh",
    tier_between="da {above} a {to} kWh",
    tier_last="oltre {above} kWh",
    tier_of="{tier}, su {kwh}",
    fee_units=MappingProxyType(
        {Unit.MONTH: "{amount} al mese", Unit.YEAR: "{amount} all’anno"}
    ),
    vat_on_top="IVA {rate} % su {amount}",
    vat_included="IVA {rate} % inclusa: {amount}",
    without_vat="senza IVA: {amount}",
    vat_none="Senza IVA: {reason}",
    supplier_vat_on_top="La Sua IVA {rate} % su {amount}",
    supplier_vat_included="La Sua IVA {rate} %, inclusa nella Sua fornitura: {amount}",
    supplier_vat_none="Senza IVA sulla Sua fornitura: {reason}",
    self_billing="Per la Sua fornitura questo documento è un accredito che emettiamo in Suo nome (autofatturazione). L’IVA che contiene è dovuta da Lei; il Suo numero IVA: {number}",
    vat_number="Numero IVA di {name}: {number}",
    of_line="riga {lines}",
    of_lines="righe {lines}",
    unrounded="{lines}, prima dell’arrotondamento",
    nearest="il multiplo di {coin} più vicino",
    other_houses="{amount} di altre case sulla fattura",
    sum_of_intervals="Ogni intervallo al proprio prezzo (intervalli: {count}), in totale: {quantity}, {average} {unit}",
    remarks=MappingProxyType(
        {
            Remark.MEASUREMENTS_CHANGED: "Da allora le misure sono cambiate; gli intervalli sono quelli che valgono ora."
        }
    ),
    no_lines="Nessuna energia da conteggiare in questi giorni",
    subtotal="Subtotale",
    total="Totale",
    cents=MappingProxyType({"CHF": "ct.", "EUR": "ct", "GBP": "p", "USD": "¢"}),
    to_pay="Da pagare entro: {due}",
    account="Conto",
    payee="Beneficiario",
    reference="Comunicazione",
    pay_unknown="La preghiamo di chiedere a {name} su quale conto versare l’importo e di indicare la comunicazione {number}.",
    to_receive="Riceve entro: {due}",
    receive_on="Verseremo l’importo sul Suo conto {iban}.",
    receive_unknown="Non conosciamo ancora il Suo conto: La preghiamo di comunicare il Suo IBAN alla cassiera o al cassiere.",
    nothing_due="Niente da pagare",
    nothing_to_do="Addebiti e accrediti si compensano. Non deve fare nulla.",
    balance="La Sua energia",
    consumption="Consumata",
    delivery="Fornita",
    from_community="dalla comunità",
    from_grid="dalla rete",
    to_community="alla comunità",
    to_grid="alla rete",
    models=MappingProxyType(
        {
            Model.POOL: "L’energia della comunità e quella della rete costano uguale; anche quella che fornisce è pagata allo stesso prezzo.",
            Model.SPLIT: "In ogni intervallo di misura la produzione locale è ripartita tra le case secondo la regola concordata; il resto viene dalla rete.",
            Model.LOCAL_ONLY: "In ogni intervallo di misura la produzione locale è ripartita tra le case secondo la regola concordata. L’energia presa dalla rete o fornita alla rete è conteggiata direttamente dal Suo fornitore.",
            Model.BREAK_EVEN: "I prezzi risultano in ogni intervallo di misura in modo che la comunità non guadagni né perda. I prezzi qui sopra sono medie.",
        }
    ),
    saved="Ha risparmiato {amount} rispetto ai prezzi del gestore di rete",
    earned="Ha ricevuto {amount} in più che ai prezzi del gestore di rete",
    lost="Il Suo risultato è peggiore di {amount} rispetto ai prezzi del gestore di rete",
    even="Il Suo risultato è lo stesso che ai prezzi del gestore di rete",
    elsewhere="Gestore di rete",
    here="Qui",
    compared=MappingProxyType(
        {
            Model.POOL: "È confrontata tutta l’elettricità che ha consumato e fornito.",
            Model.SPLIT: "È confrontata tutta l’elettricità che ha consumato e fornito.",
            Model.LOCAL_ONLY: "È confrontata solo l’elettricità dalla comunità e alla comunità. Il resto figura sulla fattura del Suo fornitore, con o senza comunità.",
            Model.BREAK_EVEN: "È confrontata tutta l’elettricità che ha consumato e fornito, ai prezzi di ogni intervallo di misura.",
        }
    ),
    besides="Tasse, sconti e arrotondamento ammontano a {amount}; con ciò il Suo risultato è qui migliore di {gain}. L’IVA che si aggiunge ai prezzi non è confrontata.",
    besides_lost="Tasse, sconti e arrotondamento ammontano a {amount}; con ciò il Suo risultato è qui peggiore di {gain}. L’IVA che si aggiunge ai prezzi non è confrontata.",
    co2="CO₂ evitata: {kg}, per {kwh} dalla comunità a {factor} g/kWh.",
    grid_discount="Il gestore di rete deduce {amount} sulla propria fattura: il {percent} % della sua tariffa di rete di {price} {unit}/kWh, per {kwh} dalla comunità. Ciò non fa parte di questo documento.",
    registers="Letture del contatore, kWh",
    at="{date}, 00:00",
    difference="Differenza",
    meter_changed="Contatore cambiato il {date}: vecchia lettura {final}, nuova lettura {first}.",
    import_register="Consumo",
    export_register="Fornitura",
    sessions="Sessioni di ricarica",
    further_sessions="altre {count} sessioni",
    quality="Qualità dei dati",
    shares="{shares}; {count} intervalli di misura in tutto",
    qualities=MappingProxyType(
        {
            Quality.MEASURED: "misurati",
            Quality.SUBSTITUTED: "sostituiti dal gestore di rete",
            Quality.MANUAL: "inseriti a mano",
            Quality.INTERPOLATED: "interpolati",
            Quality.ESTIMATED: "stimati",
            Quality.TEMPORARY: "provvisori",
            Quality.MISSING: "mancanti",
        }
    ),
    affected="Intervalli interessati: {count}",
    findings=MappingProxyType(
        {
            FindingCode.MISSING_DATA: "Mancano i valori del contatore. L’energia di questo tempo non è compresa qui.",
            FindingCode.TEMPORARY_DATA: "Finora ci sono solo valori provvisori. L’energia di questo tempo non è compresa qui.",
            FindingCode.NO_AGREEMENT: "È passata energia mentre nessuno aveva un contratto per la casa. Non è compresa qui.",
            FindingCode.NO_TARIFF: "La Sua tariffa non aveva ancora prezzi. L’energia di questo tempo non è conteggiata qui.",
            FindingCode.PRICE_MISSING: "Per una parte dell’energia il prezzo non era noto: mancava il valore che segue. Questa energia non figura su questa fattura.",
            FindingCode.INTERPOLATED_DATA: "Mancano valori tra due letture del contatore. La loro differenza è esatta; la sua ripartizione sugli intervalli è interpolata.",
            FindingCode.ALLOCATION_DIFFERS: "La ripartizione del gestore di rete tra comunità e rete differisce dalla nostra.",
            FindingCode.ALLOCATION_MISSING: "La ripartizione del gestore di rete mancava. L’energia è stata ripartita secondo la nostra.",
            FindingCode.REGISTER_MISMATCH: "Gli intervalli danno {counted_kwh} kWh, ma il contatore ha contato {advanced_kwh} kWh.",
            FindingCode.GAP_TOO_LONG: "Tra due letture del contatore i valori mancano più a lungo di quanto la comunità completi con un calcolo. Si è deciso di fatturare i valori calcolati.",
            FindingCode.REGISTER_DROPPED: "Il contatore è sceso ed è rimasto basso: è stato azzerato o sostituito, oppure è guasto.",
            FindingCode.IMPLAUSIBLE_READING: "Una lettura era più lontana di quanto l’allacciamento possa trasportare. Non è stata usata.",
            FindingCode.METER_MISSING: "Il contatore non è più collegato al sistema della comunità.",
            FindingCode.METER_UNAVAILABLE: "Il contatore non era raggiungibile.",
            FindingCode.UNKNOWN_UNIT: "Il contatore ha inviato valori in un’unità sconosciuta. Non sono stati usati.",
            FindingCode.METER_NEGATIVE: "Un contatore calcolato da altri ha dato meno di niente. È stato fatturato come niente.",
            FindingCode.UNKNOWN_USER: "Ha caricato qualcuno che la stazione di ricarica non conosce. L’energia è stata fatturata alla casa della stazione.",
            FindingCode.GRID_DIFFERS: "Il contatore dell’allacciamento alla rete e quelli delle case non concordano.",
            FindingCode.COMPARISON_MISSING: "Per una parte dell’energia non si sa quanto costerebbe o renderebbe altrove: mancava il valore che questo prezzo segue. Questa energia è fatturata, ma non confrontata.",
            FindingCode.PRICE_ABOVE_CEILING: "Per l’energia di questi giorni sono fatturati {charged_ct}. Il tetto concordato consente {allowed_ct}: il {percent} % del prezzo del prodotto standard per l’elettricità dalla comunità, e quel prezzo per l’elettricità fatturata dalla rete. La differenza è di {difference_ct}.",
            FindingCode.CLOSED_PERIOD_CHANGED: "Dei valori sono cambiati da quando questo periodo è stato fatturato. La fattura resta; una correzione dice che cosa è diverso.",
        }
    ),
    page="Pagina {page} di {pages}",
)
