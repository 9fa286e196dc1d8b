"""Reading OCDS release packages: `read_package` for a file, `read_release` for one release."""

from srm_portal.exchange.domain.ocds_read.package import read_package
from srm_portal.exchange.domain.ocds_read.release import read_release
from srm_portal.exchange.domain.ocds_read.values import (
    ImportedAward,
    ImportedClassification,
    ImportedContract,
    ImportedCriterion,
    ImportedDocument,
    ImportedItem,
    ImportedLot,
    ImportedMilestone,
    ImportedParty,
    ImportedPeriod,
    ImportedRelease,
    PackageReading,
)

__all__ = [
    "ImportedAward",
    "ImportedClassification",
    "ImportedContract",
    "ImportedCriterion",
    "ImportedDocument",
    "ImportedItem",
    "ImportedLot",
    "ImportedMilestone",
    "ImportedParty",
    "ImportedPeriod",
    "ImportedRelease",
    "PackageReading",
    "read_package",
    "read_release",
]
