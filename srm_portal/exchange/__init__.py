"""Interchange: files that come in and go out across the rooms. `domain` reads and writes them as plain values."""
