"""Group 3, children: tasks that a command starts, and that may outlive it."""
