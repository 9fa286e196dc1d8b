"""Setting up and running the exchange with other systems."""
