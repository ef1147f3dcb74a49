"""Foreign calendars, each in a file: how it is told the feed's address, and which instants it then shows."""
