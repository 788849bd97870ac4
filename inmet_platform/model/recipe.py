"""The names of the model in MLflow and its version of recipe, importable without scikit-learn."""

MODEL_NAME = "inmet-rain"
# The alias of the version that makes the forecasts.
CHAMPION = "champion"

# Raise it when features or training change: the same data then give a new model.
RECIPE_VERSION = 3
