"""The pitfalls of context variables, P01 to P29, as small scenarios for any design; scenarios.py lists them."""
