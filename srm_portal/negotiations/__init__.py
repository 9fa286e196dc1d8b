"""Step 6 face to face: agenda, offers and counter-offers, minutes that both sides confirm."""
