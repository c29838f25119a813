"""What a learner commits to before a run, what the run then showed, and which belief leads to each wrong choice."""
