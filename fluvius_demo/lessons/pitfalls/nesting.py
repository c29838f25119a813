"""Group 2, nesting and sharing: a command inside of a command, and what two of them share."""
