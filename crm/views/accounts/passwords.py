"""Passwords: judged by the domain's rule, kept as argon2id."""

from __future__ import annotations

from typing import Any

from flask_security import PasswordUtil, current_user, hash_password
from flask_security.proxies import _security

from crm.domain import accounts
from crm.domain.errors import Invalid


class Passwords(PasswordUtil):
    """The domain's rule, where the library asks for one."""

    def validate(self, password: str, is_register: bool, **kwargs: Any) -> tuple[list[str] | None, str]:
        """What is wrong with a new password, if anything, and how it is compared from now on."""
        normal = self.normalize(password)
        try:
            accounts.check_password(normal)
        except Invalid as invalid:
            return invalid.errors["password"], normal
        return None, normal


def hashed(password: str) -> str:
    """What is kept of a new password; Invalid for one that is too easy to guess."""
    normal: str = _security.password_util.normalize(password)
    accounts.check_password(normal)
    return str(hash_password(normal))


def is_own(password: str) -> bool:
    """Whether whoever is signed in knows their password."""
    normal = _security.password_util.normalize(password)
    return bool(current_user.password and current_user.verify_and_update_password(normal))
