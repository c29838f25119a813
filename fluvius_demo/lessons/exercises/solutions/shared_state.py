"""Step 1: what a booking sets, and its end sets back."""

shared = {"customer", "card", "seats"}
