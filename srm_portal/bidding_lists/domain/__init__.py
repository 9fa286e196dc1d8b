"""Rules of suggestions, bidding lists and invitations: pure."""
