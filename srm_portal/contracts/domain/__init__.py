"""Rules of contracts: clauses, approval, deadlines. Pure."""
