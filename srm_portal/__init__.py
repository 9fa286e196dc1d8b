"""Supplier relationship management and e-sourcing portal."""

__version__ = "0.1.0"
