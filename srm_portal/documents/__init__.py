"""Files of every record: inspected when they come in, kept under random names, handed out as attachments only."""
