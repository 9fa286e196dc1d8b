"""What leaves the portal, and what stands between preview and decision."""

from srm_portal.exchange.queries.export import export_of, exportable, may_be_exported
from srm_portal.exchange.queries.faults import FaultView, fault_view
from srm_portal.exchange.queries.imported import SourceView, source_of
from srm_portal.exchange.queries.report import report_document
from srm_portal.exchange.queries.uploads import UploadView, upload_bytes, upload_for

__all__ = [
    "FaultView",
    "SourceView",
    "UploadView",
    "export_of",
    "exportable",
    "fault_view",
    "may_be_exported",
    "report_document",
    "source_of",
    "upload_bytes",
    "upload_for",
]
