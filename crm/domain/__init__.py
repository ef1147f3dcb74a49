"""The verbs: what we do. Told who, when and with what; never asking the web, a queue or the clock."""
