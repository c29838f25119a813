"""The teaching tools. They import the rooms above; no room above imports them."""
