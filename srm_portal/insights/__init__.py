"""Dashboards and reports: reads every room, writes none."""
