"""The registry: who supplies what and where, how well, and who is approved for which category."""
