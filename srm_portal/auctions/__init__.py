"""Online negotiation: the auction engine and its rooms."""
