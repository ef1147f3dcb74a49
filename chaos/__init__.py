"""What breaks whatever sends letters, for as long as one likes, and counts what arrives."""
