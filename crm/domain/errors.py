"""What can go wrong, each with a sentence fit to be shown to a person."""

from __future__ import annotations


class DomainError(Exception):
    """Something cannot be done as asked; the message says why and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Invalid(DomainError):
    """Something that was given cannot be used; `errors` names each field with its sentences."""

    def __init__(self, **errors: str) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = {field: [sentence] for field, sentence in errors.items()}


class NotFound(DomainError):
    """There is no such thing here, or it is not this workspace's: the two look the same."""

    def __init__(self, noun: str = "thing") -> None:
        super().__init__(f"There is no such {noun} here.")


class NotAllowed(DomainError):
    """The state of things forbids it."""
