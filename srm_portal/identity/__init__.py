"""People, organisations, roles, sign-in, second factor, API tokens."""
