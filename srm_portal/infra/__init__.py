"""Plumbing that knows no feature: database, transactions, jobs, gateways, logs, real time."""
