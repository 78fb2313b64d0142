"""What happened: SQLite, and the only room that knows SQL."""
