"""Questions to the shop in plain Spanish, answered from its own figures."""
