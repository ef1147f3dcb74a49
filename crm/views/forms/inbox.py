"""Forms about mail that came in: a message as a file, or pasted with its headers."""

from __future__ import annotations

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import TextAreaField

from crm.domain.errors import Invalid

#: Characters of a pasted message; what is longer is better sent as a file.
MOST_PASTED = 300_000


class MessageForm(FlaskForm):  # type: ignore[misc]  # the library has no types
    """One message."""

    file = FileField("A message (.eml)")
    text = TextAreaField("Or paste it, with its headers")

    @property
    def is_pasted(self) -> bool:
        """Whether a text was given, and no file."""
        return bool((self.text.data or "").strip()) and not self.file.data

    def message(self) -> bytes:
        """The message. Raises Invalid where there is none, or one too long to be pasted."""
        if self.file.data:
            content: bytes = self.file.data.read()
            return content
        text = (self.text.data or "").strip()
        if not text:
            raise Invalid(file="Choose a file, or paste a message below.")
        if len(text) > MOST_PASTED:
            raise Invalid(text=f"At most {MOST_PASTED:,} characters can be pasted. Save it as a file.")
        return text.encode("utf-8", errors="replace")
