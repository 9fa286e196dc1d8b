"""What the shells of all rooms share: actor and time, guards, errors, forms, headers, templates."""
