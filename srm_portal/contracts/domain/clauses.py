"""The built-in clause library: what each type of contract needs, in the languages it is written in.

Clause texts are content, not interface: they are drafted once, kept with the contract and never translated after. Facts
stand in `{curly}` names and are filled when the contract is drafted. An organisation's own texts replace these by key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from srm_portal.contracts.domain.approval import RISKS

KINDS = ("purchase", "subcontracting", "outsourcing", "framework", "call_off", "nda")
SUPPLY = frozenset({"purchase", "subcontracting", "outsourcing", "framework"})
PRICED = SUPPLY | {"call_off"}
ALL = PRICED | {"nda"}
VARIANTS = ("standard", "alternative", "fallback")
FACTS = (
    "event",
    "award",
    "payment_days",
    "starts_on",
    "ends_on",
    "notice_days",
    "value",
    "buyer",
    "supplier",
    "framework",
)
"""Names that clause texts may use in curly brackets."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of a contract: `key` names it across versions, `standard` says it stands as in the library.

    `variant` is what it was taken from (standard, alternative, fallback) or `free`; `number` the library's version.
    An alternative is as good as the standard; a fallback is a position agreed beforehand but still a deviation.
    """

    key: str
    title: str
    text: str
    standard: bool = True
    variant: str = "standard"
    number: int = 0


@dataclass(frozen=True, slots=True)
class Wording:
    number: int
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A library clause: the kinds and the rule that say when it is needed, and its wordings by (language, variant)."""

    key: str
    kinds: frozenset[str]
    wordings: Mapping[tuple[str, str], Wording]
    position: int = 0
    value_from: Decimal = Decimal(0)
    category: str = ""
    risk: str = ""
    own: bool = False

    def needed(self, kind: str, value: Decimal, category: str, risk: str) -> bool:
        return (
            kind in self.kinds
            and value >= self.value_from
            and category.startswith(self.category)
            and RISKS.index(risk) >= (RISKS.index(self.risk) if self.risk else 0)
        )

    def wording(self, language: str, variant: str = "standard") -> Wording | None:
        """In the contract's language, else in English, else in whichever there is."""
        for code in (language, "en"):
            if (code, variant) in self.wordings:
                return self.wordings[(code, variant)]
        return next((one for (_code, name), one in sorted(self.wordings.items()) if name == variant), None)


def _clause(
    key: str,
    kinds: frozenset[str],
    en: tuple[str, str],
    fr: tuple[str, str],
    variants: Mapping[tuple[str, str], tuple[str, str]] | None = None,
    **rule: Any,
) -> Entry:
    texts = {("en", "standard"): en, ("fr", "standard"): fr} | dict(variants or {})
    return Entry(key, kinds, {name: Wording(1, *pair) for name, pair in texts.items()}, **rule)


LIBRARY: tuple[Entry, ...] = (
    _clause(
        "subject",
        PRICED,
        (
            "Subject",
            "The Supplier provides to the Buyer the goods and services of the price list (Annex 1), as offered in answer to "
            "{event} and awarded by {award}.",
        ),
        (
            "Objet",
            "Le Fournisseur livre à l’Acheteur les biens et services du bordereau des prix (annexe 1), tels qu’offerts en "
            "réponse à {event} et attribués par {award}.",
        ),
        {
            ("en", "alternative"): (
                "Subject",
                "The Supplier provides to the Buyer the goods and services described in this contract and its annexes.",
            ),
            ("fr", "alternative"): (
                "Objet",
                "Le Fournisseur livre à l’Acheteur les biens et services décrits dans le présent contrat et ses annexes.",
            ),
        },
    ),
    _clause(
        "price",
        SUPPLY,
        (
            "Price and payment",
            "The prices of Annex 1 are firm for the term and without tax. Invoices are paid {payment_days} days net after "
            "receipt of a correct invoice.",
        ),
        (
            "Prix et paiement",
            "Les prix de l’annexe 1 sont fermes pendant la durée du contrat et hors taxes. Les factures sont payées à "
            "{payment_days} jours nets après réception d’une facture conforme.",
        ),
        {
            ("en", "alternative"): (
                "Price and payment",
                "The prices of Annex 1 are firm for twelve months and then follow the index agreed in this contract, without tax. "
                "Invoices are paid {payment_days} days net after receipt of a correct invoice.",
            ),
            ("en", "fallback"): (
                "Price and payment",
                "The prices of Annex 1 are firm for six months and without tax. Invoices are paid {payment_days} days net after their "
                "date.",
            ),
        },
    ),
    _clause(
        "term",
        SUPPLY | {"nda"},
        (
            "Term and notice",
            "The contract runs from {starts_on} to {ends_on}. Either party may end it with {notice_days} days’ notice in "
            "writing; obligations already due remain.",
        ),
        (
            "Durée et préavis",
            "Le contrat court du {starts_on} au {ends_on}. Chaque partie peut y mettre fin par écrit avec un préavis de "
            "{notice_days} jours ; les obligations déjà échues demeurent.",
        ),
    ),
    _clause(
        "delivery",
        frozenset({"purchase", "subcontracting", "framework", "call_off"}),
        (
            "Delivery and acceptance",
            "The Supplier delivers on the dates of Annex 1. The Buyer inspects on receipt and reports defects within "
            "fourteen days of finding them.",
        ),
        (
            "Livraison et réception",
            "Le Fournisseur livre aux dates de l’annexe 1. L’Acheteur contrôle à réception et signale les défauts dans les "
            "quatorze jours de leur découverte.",
        ),
    ),
    _clause(
        "direction",
        frozenset({"subcontracting"}),
        (
            "Direction of the work",
            "The Buyer keeps the direction of the work: it gives the specifications, the working instructions and the "
            "acceptance criteria. The Supplier executes them and may not subcontract further without consent in writing.",
        ),
        (
            "Direction des travaux",
            "L’Acheteur conserve la direction des travaux : il fournit les spécifications, les instructions et les critères "
            "d’acceptation. Le Fournisseur les exécute et ne sous-traite pas davantage sans accord écrit.",
        ),
    ),
    _clause(
        "transfer",
        frozenset({"outsourcing"}),
        (
            "Transfer of activity and responsibility",
            "The activity described in Annex 1 passes to the Supplier, who organises it under its own responsibility and "
            "answers for its result. Assets and staff concerned are listed in a separate annex agreed by both parties.",
        ),
        (
            "Transfert d’activité et de responsabilité",
            "L’activité décrite à l’annexe 1 passe au Fournisseur, qui l’organise sous sa propre responsabilité et répond de "
            "son résultat. Les actifs et le personnel concernés figurent dans une annexe distincte convenue par les parties.",
        ),
    ),
    _clause(
        "service_levels",
        frozenset({"outsourcing"}),
        (
            "Service levels and reversibility",
            "Service levels are measured monthly. At the end of the contract the Supplier hands the activity back, or over "
            "to a third party, with the documents and knowledge needed to carry it on.",
        ),
        (
            "Niveaux de service et réversibilité",
            "Les niveaux de service sont mesurés chaque mois. À la fin du contrat, le Fournisseur restitue l’activité, ou la "
            "transmet à un tiers, avec les documents et connaissances nécessaires à sa poursuite.",
        ),
    ),
    _clause(
        "liability",
        SUPPLY,
        (
            "Warranty and liability",
            "The Supplier warrants conformity for twenty-four months from acceptance. Liability is limited to the value of "
            "the contract, except for intent, gross negligence and personal injury.",
        ),
        (
            "Garantie et responsabilité",
            "Le Fournisseur garantit la conformité pendant vingt-quatre mois à compter de la réception. La responsabilité est "
            "limitée à la valeur du contrat, sauf faute intentionnelle ou lourde et dommages corporels.",
        ),
        {
            ("en", "fallback"): (
                "Warranty and liability",
                "The Supplier warrants conformity for twelve months from acceptance. Liability is limited to half the value of the "
                "contract, except for intent, gross negligence and personal injury.",
            ),
        },
    ),
    _clause(
        "confidentiality",
        SUPPLY | {"nda"},
        (
            "Confidentiality and data",
            "Each party keeps the other’s information secret for five years beyond the term and processes personal data only "
            "as needed for this contract.",
        ),
        (
            "Confidentialité et données",
            "Chaque partie garde secrètes les informations de l’autre pendant cinq ans au-delà du terme et ne traite les "
            "données personnelles que pour les besoins du contrat.",
        ),
    ),
    _clause(
        "law",
        SUPPLY | {"nda"},
        (
            "Law and disputes",
            "The law of the Buyer’s seat applies. The parties first seek an agreement through their negotiators within thirty "
            "days; after that the courts of the Buyer’s seat decide.",
        ),
        (
            "Droit et litiges",
            "Le droit du siège de l’Acheteur s’applique. Les parties recherchent d’abord un accord par leurs négociateurs sous "
            "trente jours ; à défaut, les tribunaux du siège de l’Acheteur décident.",
        ),
    ),
    _clause(
        "call_off",
        frozenset({"framework"}),
        (
            "Call-offs and volume",
            "The Buyer calls goods and services off in writing. Each call-off is governed by this framework; together they do not "
            "exceed {value}. The framework by itself obliges the Buyer to no purchase.",
        ),
        (
            "Commandes et volume",
            "L’Acheteur passe commande par écrit. Chaque commande est régie par le présent accord-cadre ; leur total ne dépasse pas "
            "{value}. L’accord-cadre n’oblige par lui-même l’Acheteur à aucun achat.",
        ),
    ),
    _clause(
        "under_framework",
        frozenset({"call_off"}),
        (
            "Framework",
            "This order is a call-off under the framework contract {framework}, whose clauses apply to it.",
        ),
        (
            "Accord-cadre",
            "La présente commande est passée au titre de l’accord-cadre {framework}, dont les clauses s’y appliquent.",
        ),
    ),
    _clause(
        "purpose",
        frozenset({"nda"}),
        (
            "Purpose and secret information",
            "{buyer} and {supplier} exchange information to prepare a possible business relation. All of it that is marked secret, or "
            "plainly is, is used for this purpose only.",
        ),
        (
            "Objet et informations confidentielles",
            "{buyer} et {supplier} échangent des informations en vue d’une éventuelle relation d’affaires. Celles qui sont marquées "
            "confidentielles, ou le sont manifestement, ne servent qu’à cette fin.",
        ),
    ),
    _clause(
        "security",
        SUPPLY,
        (
            "Performance security",
            "Within thirty days of signature the Supplier gives a bank guarantee of five per cent of the value, returned at the end "
            "of the warranty.",
        ),
        (
            "Garantie de bonne exécution",
            "Dans les trente jours de la signature, le Fournisseur remet une garantie bancaire de cinq pour cent de la valeur, "
            "restituée à la fin de la garantie.",
        ),
        value_from=Decimal(1_000_000),
    ),
    _clause(
        "continuity",
        SUPPLY,
        (
            "Continuity of supply",
            "The Supplier keeps a plan for interruptions, tests it each year and tells the Buyer the result.",
        ),
        (
            "Continuité d’approvisionnement",
            "Le Fournisseur tient un plan de continuité, l’éprouve chaque année et en communique le résultat à l’Acheteur.",
        ),
        risk="high",
    ),
)


def edited(clauses: list[Clause], key: str, title: str, text: str) -> list[Clause]:
    """The clauses with one changed; it no longer counts as standard."""
    return [
        replace(clause, title=title, text=text, standard=False, variant="free", number=0)
        if clause.key == key
        else clause
        for clause in clauses
    ]


def deviations(clauses: list[Clause]) -> list[str]:
    """Titles of the clauses that left the library's text."""
    return [clause.title for clause in clauses if not clause.standard]
