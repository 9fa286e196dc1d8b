"""Supplier relationship management and e-sourcing portal."""

__version__ = "0.1.0"

import os

# Workbooks are read with the standard library's parser, whatever else is installed: one reading, one set of refusals.
os.environ.setdefault("OPENPYXL_LXML", "False")
