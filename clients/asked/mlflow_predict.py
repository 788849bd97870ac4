"""MLflow's plain client: the champion by its alias, and its forecast for the rows of a file."""

import json
import os
import sys
from pathlib import Path

import mlflow
import pandas as pd

split = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["dataframe_split"]
rows = pd.DataFrame(split["data"], columns=split["columns"], dtype="float32")
mlflow.set_tracking_uri(os.environ["MLFLOW_TRACKING_URI"])
model = mlflow.pyfunc.load_model("models:/inmet-rain@champion")
print(json.dumps(model.predict(rows).tolist()))
