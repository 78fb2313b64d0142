"""Grok on the network."""
