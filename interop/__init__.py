"""What foreign programs make of us: calendars that subscribe, mail servers that carry invitations."""
