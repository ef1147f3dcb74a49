"""Where contacts are found (P-L1): suggestions, since a source is written in one's own words."""

from __future__ import annotations

SUGGESTED = (
    "My own network",
    "An introduction",
    "Chamber of commerce",
    "College or trade school",
    "Career centre",
    "Faculty, friends, family",
    "Business directory",
    "Alumni group",
    "LinkedIn",
    "Online community",
    "A referral from an interview",
)
