"""The demonstration: a workspace that lives, dated from today each time it is filled."""

from crm.demo.filling import EMAIL, PASSWORD, fill

__all__ = ["EMAIL", "PASSWORD", "fill"]
