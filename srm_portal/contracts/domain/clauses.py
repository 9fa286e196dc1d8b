"""The clause library: what each type of contract needs, in the languages it is written in.

Clause texts are content, not interface: they are drafted once, kept with the contract and never translated after. Facts
stand in `{curly}` names and are filled when the contract is drafted; an unknown name is a mistake of ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

ALL = frozenset({"purchase", "subcontracting", "outsourcing"})


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of a contract: `key` names it across versions, `standard` says it stands as in the library."""

    key: str
    title: str
    text: str
    standard: bool = True


@dataclass(frozen=True, slots=True)
class LibraryClause:
    key: str
    kinds: frozenset[str]
    title: Mapping[str, str]
    text: Mapping[str, str]


def _clause(key: str, kinds: frozenset[str], en: tuple[str, str], fr: tuple[str, str]) -> LibraryClause:
    return LibraryClause(key, kinds, {"en": en[0], "fr": fr[0]}, {"en": en[1], "fr": fr[1]})


LIBRARY: tuple[LibraryClause, ...] = (
    _clause(
        "subject",
        ALL,
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
    ),
    _clause(
        "price",
        ALL,
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
    ),
    _clause(
        "term",
        ALL,
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
        frozenset({"purchase", "subcontracting"}),
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
        ALL,
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
    ),
    _clause(
        "confidentiality",
        ALL,
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
        ALL,
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
)


def library(kind: str, language: str) -> list[LibraryClause]:
    """The clauses that a contract of this kind needs, in order."""
    return [clause for clause in LIBRARY if kind in clause.kinds]


def draft(kind: str, language: str, facts: Mapping[str, str]) -> list[Clause]:
    """The standard clauses of a kind, filled with facts; English where the language has no text."""
    chosen = "fr" if language == "fr" else "en"
    return [
        Clause(clause.key, clause.title[chosen], clause.text[chosen].format_map(facts))
        for clause in library(kind, chosen)
    ]


def edited(clauses: list[Clause], key: str, title: str, text: str) -> list[Clause]:
    """The clauses with one changed; it no longer counts as standard."""
    return [
        replace(clause, title=title, text=text, standard=False) if clause.key == key else clause for clause in clauses
    ]


def deviations(clauses: list[Clause]) -> list[str]:
    """Titles of the clauses that left the library's text."""
    return [clause.title for clause in clauses if not clause.standard]
