"""Rules of exchange with other systems: signatures, addresses, retries, who wins a conflict. Pure."""
