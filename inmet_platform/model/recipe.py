"""What names a model, and how it was made: importable without what trains it."""

MODEL_NAME = "inmet-rain"

# Raise when features or training change: the same data are then learned again.
RECIPE_VERSION = 3
