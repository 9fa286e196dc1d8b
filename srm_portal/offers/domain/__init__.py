"""What an offer is before and after its opening."""
