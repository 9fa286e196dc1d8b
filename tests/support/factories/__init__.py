"""Ready-made records for tests, one file a room; each calls the room's services and nothing below."""
