"""The rain model, pure: clean observations in, a fitted model and its scores out."""
