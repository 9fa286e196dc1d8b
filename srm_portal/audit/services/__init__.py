"""Leaving a trail, and the log that proves it."""

from srm_portal.audit.services.log import check_checkpoint, extend_log, verify_log
from srm_portal.audit.services.trail import record, record_row, verify_streams

__all__ = ["check_checkpoint", "extend_log", "record", "record_row", "verify_log", "verify_streams"]
