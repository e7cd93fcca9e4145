"""Which URLs are due: listings are read, and what the ledger knows is taken off."""
