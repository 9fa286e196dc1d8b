"""Reading offers: the supplier's own at any time, everybody's after the opening, only numbers before it."""

from srm_portal.offers.queries.numbers import OpeningView, counts, fact, gate, opening
from srm_portal.offers.queries.opened import (
    NotOpened,
    OfferFileView,
    OfferLineView,
    OfferView,
    comparison,
    file_of,
    not_opened,
    offer_for,
    opened,
)
from srm_portal.offers.queries.own import (
    OwnFile,
    OwnOffer,
    Submission,
    VersionView,
    own_attachment,
    own_offer,
    own_proof,
    own_summary,
)

__all__ = [
    "NotOpened",
    "OfferFileView",
    "OfferLineView",
    "OfferView",
    "OpeningView",
    "OwnFile",
    "OwnOffer",
    "Submission",
    "VersionView",
    "comparison",
    "counts",
    "fact",
    "file_of",
    "gate",
    "not_opened",
    "offer_for",
    "opened",
    "opening",
    "own_attachment",
    "own_offer",
    "own_proof",
    "own_summary",
]
