"""The rain model, pure: from clean observations to a fitted model, its scores and its forecasts.

Here belong features, training, verification and everything that describes a model. What stores a
model or compares it with the champion in MLflow belongs in `model_registry`.
"""
