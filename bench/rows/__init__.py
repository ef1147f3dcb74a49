"""One file a row of the table, each with its target and `measure`, which answers the rows."""
