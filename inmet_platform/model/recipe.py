"""The version of how a model is made; imports nothing, so that anyone may ask for it."""

# Raise when features or training change: the same data are then learned again.
RECIPE_VERSION = 2
