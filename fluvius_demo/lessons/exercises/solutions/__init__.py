"""One solution of each step, as a module: what stands under its docstring can be put into the notebook's cell."""
