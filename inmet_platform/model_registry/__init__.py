"""The rain model in MLflow: its versions, the champion, its forecast, whether it still fits.

Here belongs what needs MLflow; training and scores belong in `model`, which knows no MLflow.
"""
