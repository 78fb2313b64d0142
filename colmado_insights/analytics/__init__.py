"""What the sales mean: frames in, frozen results out; no database, no Qt, no clock."""
