"""Accounts: signing in and out, the first visit, and the ways back in."""

from crm.views.accounts.library import bp as library_bp
from crm.views.accounts.library import register
from crm.views.accounts.sign_up import bp

__all__ = ["bp", "library_bp", "register"]
