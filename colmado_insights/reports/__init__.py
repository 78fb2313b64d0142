"""Reports: which sections, in which order; Excel and PDF write the same ones."""
