"""Sealed answers: questionnaire, price lines, envelopes, opening."""
