"""French."""

from types import MappingProxyType

from ...billing.explanations import Remark
from ...billing.findings import FindingCode
from ...billing.models import LineKind, Model
from ...billing.quality import Quality
from ...billing.statements import Unit
from .model import Texts

FR = Texts(
    invoice="Facture",
    credit="Note de crédit",
    number="Numéro",
    issued="Date",
    due="Échéance",
    settled="Jours facturés",
    period="Partie de la période",
    house="Maison",
    vacancy="Pendant ces jours, la maison était inoccupée. Ils sont facturés au propriétaire.",
    description="Désignation",
    days="Jours",
    quantity="kWh",
    price="{unit}/kWh",
    amount="{currency}",
    lines=MappingProxyType(
        {
            LineKind.IMPORT: "Électricité consommée",
            LineKind.EXPORT: "Électricité livrée",
            LineKind.LOCAL_IMPORT: "Achat à la communauté",
            LineKind.GRID_IMPORT: "Achat au réseau",
            LineKind.LOCAL_EXPORT: "Vente à la communauté",
            LineKind.GRID_EXPORT: "Vente au réseau",
            LineKind.FEE: "Frais",
            LineKind.DISCOUNT: "Rabais",
            LineKind.VAT: "TVA",
            LineKind.SUPPLIER_VAT: "TVA de la maison",
            LineKind.ROUNDING: "Arrondi",
        }
    ),
    prices=MappingProxyType(
        {
            "p_pv": "prix du solaire",
            "p_con": "prix de la communauté",
            "p_grid_del": "prix de reprise",
            "p_grid_con": "prix du réseau",
            "p_standard": "produit standard",
        }
    ),
    percent_of_price="{percent} % de {price} ({of})",
    charged=MappingProxyType(
        {
            "energy": "énergie",
            "fees": "frais",
            "all": "énergie et frais",
        }
    ),
    tier_first="jusqu’à {to} kWh",
    tier_between="de {above} à {to} kWh",
    tier_last="au-delà de {above} kWh",
    tier_of="{tier}, sur {kwh}",
    fee_units=MappingProxyType(
        {Unit.MONTH: "{amount} par mois", Unit.YEAR: "{amount} par an"}
    ),
    vat_on_top="TVA {rate} % sur {amount}",
    vat_included="TVA {rate} % comprise: {amount}",
    without_vat="sans TVA: {amount}",
    vat_none="Pas de TVA: {reason}",
    supplier_vat_on_top="Votre TVA {rate} % sur {amount}",
    supplier_vat_included="Votre TVA {rate} %, comprise dans votre livraison: {amount}",
    supplier_vat_none="Pas de TVA sur votre livraison: {reason}",
    self_billing="Pour votre livraison, ce document est une note de crédit que nous établissons en votre nom (autofacturation). Vous devez la TVA qui y figure; votre numéro de TVA: {number}",
    vat_number="Numéro de TVA de {name}: {number}",
    of_line="ligne {lines}",
    of_lines="lignes {lines}",
    unrounded="{lines}, avant arrondi",
    nearest="le multiple de {coin} le plus proche",
    other_houses="{amount} d’autres maisons sur la facture",
    sum_of_intervals="Chaque intervalle à son propre prix (intervalles: {count}), au total: {quantity}, {average} {unit}",
    remarks=MappingProxyType(
        {
            Remark.MEASUREMENTS_CHANGED: "Des mesures ont changé depuis ; les intervalles sont ceux qui valent maintenant."
        }
    ),
    no_lines="Aucune énergie à facturer pour ces jours",
    subtotal="Sous-total",
    total="Total",
    cents=MappingProxyType({"CHF": "ct.", "EUR": "ct", "GBP": "p", "USD": "¢"}),
    to_pay="À payer jusqu’au {due}",
    account="Compte",
    payee="Bénéficiaire",
    reference="Communication",
    pay_unknown="Merci de demander à {name} sur quel compte verser le montant, et d’indiquer la communication {number}.",
    to_receive="Vous recevez d’ici au {due}",
    receive_on="Nous verserons le montant sur votre compte {iban}.",
    receive_unknown="Nous ne connaissons pas encore votre compte: merci de communiquer votre IBAN à votre trésorière ou trésorier.",
    nothing_due="Rien à payer",
    nothing_to_do="Les débits et les crédits s’annulent. Vous n’avez rien à faire.",
    balance="Votre énergie",
    consumption="Consommée",
    delivery="Livrée",
    from_community="de la communauté",
    from_grid="du réseau",
    to_community="à la communauté",
    to_grid="au réseau",
    models=MappingProxyType(
        {
            Model.POOL: "L’énergie de la communauté et celle du réseau coûtent le même prix; celle que vous livrez est aussi payée au même prix.",
            Model.SPLIT: "À chaque intervalle de mesure, la production locale est répartie entre les maisons selon la règle convenue; le reste vient du réseau.",
            Model.LOCAL_ONLY: "À chaque intervalle de mesure, la production locale est répartie entre les maisons selon la règle convenue. Votre fournisseur règle directement avec vous l’énergie prise au réseau ou livrée au réseau.",
            Model.BREAK_EVEN: "Les prix sont calculés à chaque intervalle de mesure de sorte que la communauté ne gagne ni ne perde rien. Les prix ci-dessus sont des moyennes.",
        }
    ),
    saved="Vous avez économisé {amount} par rapport aux prix du gestionnaire de réseau",
    earned="Vous avez reçu {amount} de plus qu’aux prix du gestionnaire de réseau",
    lost="Votre résultat est moins bon de {amount} qu’aux prix du gestionnaire de réseau",
    even="Votre résultat est le même qu’aux prix du gestionnaire de réseau",
    elsewhere="Gestionnaire",
    here="Ici",
    compared=MappingProxyType(
        {
            Model.POOL: "Toute l’électricité que vous avez consommée et livrée est comparée.",
            Model.SPLIT: "Toute l’électricité que vous avez consommée et livrée est comparée.",
            Model.LOCAL_ONLY: "Seule l’électricité de la communauté et vers la communauté est comparée. Le reste figure sur la facture de votre fournisseur, avec ou sans communauté.",
            Model.BREAK_EVEN: "Toute l’électricité que vous avez consommée et livrée est comparée, aux prix de chaque intervalle de mesure.",
        }
    ),
    besides="Frais, rabais et arrondi représentent {amount}; avec eux, votre résultat est ici meilleur de {gain}. La TVA qui s’ajoute aux prix n’est pas comparée.",
    besides_lost="Frais, rabais et arrondi représentent {amount}; avec eux, votre résultat est ici moins bon de {gain}. La TVA qui s’ajoute aux prix n’est pas comparée.",
    co2="CO₂ évité: {kg}, pour {kwh} de la communauté à {factor} g/kWh.",
    grid_discount="Le gestionnaire de réseau déduit {amount} sur sa propre facture: {percent} % de son tarif d’utilisation du réseau de {price} {unit}/kWh, pour {kwh} de la communauté. Cela ne fait pas partie de ce document.",
    registers="Relevés du compteur, kWh",
    at="{date}, 00:00",
    difference="Différence",
    meter_changed="Compteur changé le {date}: ancien relevé {final}, nouveau relevé {first}.",
    import_register="Consommation",
    export_register="Livraison",
    sessions="Sessions de charge",
    further_sessions="{count} autres sessions",
    quality="Qualité des données",
    shares="{shares}; {count} intervalles de mesure en tout",
    qualities=MappingProxyType(
        {
            Quality.MEASURED: "mesurés",
            Quality.SUBSTITUTED: "remplacés par le gestionnaire du réseau",
            Quality.MANUAL: "saisis à la main",
            Quality.INTERPOLATED: "interpolés",
            Quality.ESTIMATED: "estimés",
            Quality.TEMPORARY: "provisoires",
            Quality.MISSING: "manquants",
        }
    ),
    affected="Intervalles concernés: {count}",
    findings=MappingProxyType(
        {
            FindingCode.MISSING_DATA: "Les valeurs du compteur manquent. L’énergie de ce laps de temps n’est pas comprise ici.",
            FindingCode.TEMPORARY_DATA: "Il n’y a pour l’instant que des valeurs provisoires. L’énergie de ce laps de temps n’est pas comprise ici.",
            FindingCode.NO_AGREEMENT: "De l’énergie a circulé alors que personne n’avait de contrat pour la maison. Elle n’est pas comprise ici.",
            FindingCode.NO_TARIFF: "Votre tarif n’avait pas encore de prix. L’énergie de ce laps de temps n’est pas facturée ici.",
            FindingCode.PRICE_MISSING: "Pour une partie de l’énergie, le prix n’était pas connu : la valeur qu’il suit manquait. Cette énergie ne figure pas sur cette facture.",
            FindingCode.INTERPOLATED_DATA: "Il manque des valeurs entre deux relevés du compteur. Leur différence est exacte; sa répartition sur les intervalles est interpolée.",
            FindingCode.ALLOCATION_DIFFERS: "La répartition du gestionnaire de réseau entre communauté et réseau diffère de la nôtre.",
            FindingCode.ALLOCATION_MISSING: "La répartition du gestionnaire de réseau manquait. L’énergie a été partagée selon la nôtre.",
            FindingCode.REGISTER_MISMATCH: "Les intervalles totalisent {counted_kwh} kWh, mais le compteur a compté {advanced_kwh} kWh.",
            FindingCode.GAP_TOO_LONG: "Entre deux relevés du compteur, les valeurs manquent plus longtemps que ce que la communauté complète par calcul. Il a été décidé de facturer les valeurs calculées.",
            FindingCode.REGISTER_DROPPED: "L’index du compteur a baissé et n’est pas remonté: le compteur a été remis à zéro ou remplacé, ou il est défectueux.",
            FindingCode.IMPLAUSIBLE_READING: "Un relevé s’écartait plus que le raccordement ne le permet. Il n’a pas été utilisé.",
            FindingCode.METER_MISSING: "Le compteur n’est plus relié au système de la communauté.",
            FindingCode.METER_UNAVAILABLE: "Le compteur n’était pas joignable.",
            FindingCode.UNKNOWN_UNIT: "Le compteur a envoyé des valeurs dans une unité inconnue. Elles n’ont pas été utilisées.",
            FindingCode.METER_NEGATIVE: "Un compteur calculé à partir d’autres a donné moins que rien. Il a été facturé comme nul.",
            FindingCode.UNKNOWN_USER: "Quelqu’un que la borne ne connaît pas a chargé. L’énergie a été facturée à la maison de la borne.",
            FindingCode.GRID_DIFFERS: "Le compteur du raccordement au réseau et ceux des maisons ne concordent pas.",
            FindingCode.COMPARISON_MISSING: "Pour une partie de l’énergie, on ne sait pas ce qu’elle coûterait ou rapporterait ailleurs : la valeur que ce prix suit manquait. Cette énergie est facturée, mais pas comparée.",
            FindingCode.PRICE_ABOVE_CEILING: "{charged_ct} sont facturés pour l’énergie de ces jours. Le plafond convenu permet {allowed_ct}: {percent} % du prix du produit standard pour l’électricité de la communauté, et ce prix pour l’électricité du réseau qui est facturée. La différence est de {difference_ct}.",
            FindingCode.CLOSED_PERIOD_CHANGED: "Des mesures ont changé depuis la facturation de cette période. La facture reste; une correction indique ce qui diffère.",
        }
    ),
    page="Page {page} sur {pages}",
)
