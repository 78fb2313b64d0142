"""How fast: one script per question, each beside its rival in the same run (`poe bench`)."""
