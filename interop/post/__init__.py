"""The mail circle: the servers that carry letters, and what is written as a mail program would."""
