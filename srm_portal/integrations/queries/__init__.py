"""Reading the exchange with other systems."""
