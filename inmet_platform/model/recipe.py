"""What names a model, and how it was made: importable without what trains it."""

MODEL_NAME = "inmet-rain"
# The alias of the version that forecasts.
CHAMPION = "champion"

# Raise when features or training change: the same data are then learned again.
RECIPE_VERSION = 3
