"""Training: the recipe behind the reading layers that the project ships, one command with a seed."""
