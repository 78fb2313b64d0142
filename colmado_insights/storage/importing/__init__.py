"""How files come in: read, map, clean, write or quarantine."""
