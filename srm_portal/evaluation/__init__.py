"""Steps 4 and 5: criteria, scorecards, consensus, ranking and how far the ranking can be trusted."""
