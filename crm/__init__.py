"""Fika: the place from which a person runs their informational interviews."""
