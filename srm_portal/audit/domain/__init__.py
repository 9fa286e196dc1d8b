"""The journal's mathematics: chain, Merkle log, checkpoints, receipts. No clock, no keys, no database."""
