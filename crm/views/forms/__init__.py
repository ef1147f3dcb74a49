"""Forms: the domain judges what was typed, and its sentences are shown beside the fields."""

from __future__ import annotations

from flask_wtf import FlaskForm

from crm.domain.errors import Invalid


def show(form: FlaskForm, invalid: Invalid, **called: str) -> None:
    """Put each sentence beside its field; what belongs to none stands above the form.

    `called` tells which field of the form asks for something that the domain calls otherwise.
    """
    for given, sentences in invalid.errors.items():
        name = called.get(given, given)
        if name in form:
            form[name].errors = [*form[name].errors, *sentences]
        else:
            form.form_errors.extend(sentences)
