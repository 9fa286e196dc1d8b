"""Leaving a trail, and the log that proves it."""

from srm_portal.audit.services.log import check_checkpoint, extend_log, verify_log
from srm_portal.audit.services.trail import Act, record, record_many, record_row, verify_streams

__all__ = [
    "Act",
    "check_checkpoint",
    "extend_log",
    "record",
    "record_many",
    "record_row",
    "verify_log",
    "verify_streams",
]
