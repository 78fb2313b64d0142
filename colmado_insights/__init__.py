"""Colmado Insights: from a till's sales file to a decision, offline."""

NAME = "Colmado Insights"
__version__ = "0.1.0"
