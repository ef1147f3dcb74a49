"""The library's forms in our words: labels, hints, and no second field for the same password."""

from __future__ import annotations

from typing import Any

from flask_security import (
    ChangeEmailForm,
    ChangePasswordForm,
    ForgotPasswordForm,
    LoginForm,
    ResetPasswordForm,
)
from flask_security.utils import validate_redirect_url
from wtforms import PasswordField, StringField

from crm.views.accounts import passwords

#: A password is typed once; whoever mistypes it has a way back by mail.
TYPED_ONCE = None


class SignInForm(LoginForm):
    """Address and password."""

    remember = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email.label.text, self.password.label.text = "E-mail address", "Password"
        self.password.description = ""
        if not validate_redirect_url(self.next.data):
            # Somebody else's link: come in all the same, to the first page.
            self.next.data = ""


class ForgotForm(ForgotPasswordForm):
    """The address to which a link goes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email.label.text = "E-mail address"


class ResetForm(ResetPasswordForm):
    """A new password, for somebody who came by a letter."""

    password_confirm = TYPED_ONCE

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.password.label.text = "New password"


class PasswordForm(ChangePasswordForm):
    """A new password, for somebody who knows the old one."""

    new_password_confirm = TYPED_ONCE

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.password.label.text, self.new_password.label.text = "Current password", "New password"


class AddressForm(ChangeEmailForm):
    """A new address, and the password: an unlocked screen is not enough to take an account away."""

    password = PasswordField("Current password")
    #: Password managers look for the account that the password belongs to.
    username = StringField("Current address")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email.label.text = "New e-mail address"

    def validate(self, **kwargs: Any) -> bool:
        """The password first; without it nobody learns which addresses are taken."""
        if not passwords.is_own(self.password.data or ""):
            self.password.errors = [*self.password.errors, "This is not your password."]
            return False
        return bool(super().validate(**kwargs))
