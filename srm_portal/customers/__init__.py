"""Customers: who they are, what was said, what they want to buy, what they bought."""
