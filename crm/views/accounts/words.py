"""What the library says, in our words; the second of each pair is how it is shown."""

from __future__ import annotations

WORDS = {
    "GENERIC_AUTHN_FAILED": ("This address and this password do not go together. Try again.", "error"),
    "EMAIL_NOT_PROVIDED": ("Please give an e-mail address.", "error"),
    "PASSWORD_NOT_PROVIDED": ("Please give a password.", "error"),
    "INVALID_PASSWORD": ("This is not your password.", "error"),
    "PASSWORD_IS_THE_SAME": ("This is the password that you have already. Choose another one.", "error"),
    "PASSWORD_CHANGE": ("Your password is changed. Everywhere else you are signed out.", "success"),
    "PASSWORD_RESET_REQUEST": (
        "If %(email)s has an account, a letter with a link is on its way. The link works for one hour.",
        "info",
    ),
    "PASSWORD_RESET_EXPIRED": ("This link was made more than an hour ago. Ask for a new one.", "error"),
    "INVALID_RESET_PASSWORD_TOKEN": (
        "This link was used already, or a newer one took its place. Ask for a new one.",
        "error",
    ),
    "PASSWORD_RESET_NO_LOGIN": ("Your password is changed. Sign in with the new one.", "success"),
    "CHANGE_EMAIL_SENT": (
        "A letter with a link is on its way to %(email)s. Your address changes when you follow the link.",
        "info",
    ),
    "CHANGE_EMAIL_EXPIRED": ("This link was made more than an hour ago. Ask for a new one.", "error"),
    "CHANGE_EMAIL_CONFIRMED": ("Your address is changed. Sign in and get your letters with it.", "success"),
    "API_ERROR": ("This link was used already, or belongs to another address. Ask for a new one.", "error"),
}
