"""The pure award optimiser: which supplier wins which lot, exactly and explainably."""
