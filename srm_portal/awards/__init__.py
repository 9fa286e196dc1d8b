"""Awards: scenarios, the optimiser, the decision and its notices."""
