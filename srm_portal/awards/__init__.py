"""Scenarios, optimiser, decision and notices of awards."""
