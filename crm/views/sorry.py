"""What is said when something goes wrong: a heading, a sentence, and what to do."""

from __future__ import annotations

from typing import NamedTuple


class Words(NamedTuple):
    """What is said about a status."""

    heading: str
    sentence: str
    sign: str = "circle-alert"


PAGES = {
    400: Words(
        "That did not come through",
        "Something in what was sent is not as it should be. Go back and try it once more.",
    ),
    401: Words(
        "You are signed out",
        "Sign in again in another tab, then come back and repeat this: what you typed is kept.",
        "lock",
    ),
    403: Words("This is not yours to see", "You are signed in, but this is closed to you.", "lock"),
    404: Words(
        "There is nothing here", "The page may have moved, or what stood here was removed.", "compass"
    ),
    405: Words(
        "That is not done here",
        "This address does not take what was sent to it. Go back and try it from the page.",
    ),
    409: Words(
        "That does not fit any more",
        "Something changed in the meantime. Look at the page again, then decide.",
    ),
    413: Words(
        "That is too large",
        "At most 16 MB can be sent at once. Split the list, or take the pictures out of it.",
        "upload",
    ),
    415: Words(
        "That kind of file is not known here",
        "Send a list as CSV or vCard, or paste it as text.",
        "upload",
    ),
    422: Words(
        "Something needs another look",
        "What was sent cannot be used as it is. Go back: what you typed is kept.",
    ),
    429: Words(
        "That was a little fast",
        "Wait a few minutes, then try again. This slows down people who guess passwords.",
        "hourglass",
    ),
    500: Words(
        "Something broke on our side",
        "It was written down. What you typed is kept: go back and try it once more.",
    ),
    503: Words(
        "Fika is catching its breath",
        "The database does not answer just now. Try again in a moment: what you typed is kept.",
        "coffee",
    ),
}
#: A form without its token: nearly always a page from before the last sign-in.
FORGED = Words(
    "This page was open for too long",
    "Go back, load the page again and repeat what you did: what you typed is kept.",
    "hourglass",
)


def about(status: int) -> Words:
    """What to say; statuses that nobody thought of are somebody's mistake, theirs or ours."""
    return PAGES.get(status, PAGES[500 if status >= 500 else 400])
