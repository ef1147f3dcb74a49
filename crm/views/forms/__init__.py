"""Forms: the domain judges what was typed, and its sentences are shown beside the fields."""

from __future__ import annotations

from flask_wtf import FlaskForm

from crm.domain.errors import Invalid


def show(form: FlaskForm, invalid: Invalid) -> None:
    """Put each sentence beside its field; what belongs to none stands above the form."""
    for name, sentences in invalid.errors.items():
        if name in form:
            form[name].errors = [*form[name].errors, *sentences]
        else:
            form.form_errors.extend(sentences)
