"""Where contacts are found (P-L1): suggestions, since a source is written in one's own words."""

from __future__ import annotations

SUGGESTED = (
    "My own network",
    "Family or friends",
    "Referred in an interview",
    "Introduced by somebody",
    "LinkedIn",
    "Other online community",
    "Alumni group",
    "Faculty",
    "Career centre",
    "College or trade school list",
    "Chamber of commerce",
    "Business directory",
    "Event or fair",
)
