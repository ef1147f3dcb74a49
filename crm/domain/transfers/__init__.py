"""Bringing lists of contacts in, whatever form they come in, and taking them out again."""
