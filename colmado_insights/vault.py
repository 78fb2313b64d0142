"""The key of Grok in the operating system's vault."""
