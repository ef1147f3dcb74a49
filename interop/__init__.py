"""What foreign programs make of us: calendars that subscribe to a feed, mail servers that carry invitations."""
