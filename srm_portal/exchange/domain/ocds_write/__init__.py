"""Writing OCDS 1.1.5 release packages: `write_package` for a project's frozen view, `package_bytes` for the file."""

from srm_portal.exchange.domain.ocds_write.package import package_bytes, write_package
from srm_portal.exchange.domain.ocds_write.values import (
    ExportAward,
    ExportBid,
    ExportClassification,
    ExportContract,
    ExportCriterion,
    ExportDocument,
    ExportEnquiry,
    ExportItem,
    ExportLot,
    ExportMilestone,
    ExportParty,
    ExportProject,
    ExportPublisher,
    ExportStatistic,
)

__all__ = [
    "ExportAward",
    "ExportBid",
    "ExportClassification",
    "ExportContract",
    "ExportCriterion",
    "ExportDocument",
    "ExportEnquiry",
    "ExportItem",
    "ExportLot",
    "ExportMilestone",
    "ExportParty",
    "ExportProject",
    "ExportPublisher",
    "ExportStatistic",
    "package_bytes",
    "write_package",
]
