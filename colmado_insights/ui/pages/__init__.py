"""One file per screen, all of one shape."""
