"""The outside world: one file for each way of reaching it."""
