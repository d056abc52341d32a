"""What pandas and pyarrow make of an exported sweep; one run of it diverges, so that there are NaN and infinities.

    groklab sweep quick --set weightDecay=0.1,1e9 --set steps=200 --seeds 0-1 --store sweep-check
    for table in runs evals; do for format in csv parquet; do
      groklab export quick-… --store sweep-check --table $table --format $format --out $table.$format; done; done
    python scripts/reference/sweep_export.py
"""

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

runs = pq.read_table("runs.parquet")
types = {field.name: str(field.type) for field in runs.schema}
for name, expected in {
    "run": "string",
    "seed": "int64",
    "optimizer.learningRate": "double",
    "task.biasColumn": "bool",
    "training.steps": "int64",
    "status": "string",
    "fitStep": "int64",
    "ratio": "double",
    "robust": "bool",
    "minTrain": "double",
}.items():
    assert types[name] == expected, (name, types[name])

frame = runs.to_pandas()
assert set(frame["status"]) == {"finished", "diverged"}, set(frame["status"])
diverged = frame["status"] == "diverged"
assert frame.loc[~diverged, "divergedAt"].isna().all() and frame.loc[diverged, "divergedAt"].notna().all()

evals = pq.read_table("evals.parquet").to_pandas()
assert len(evals) > len(frame) and set(evals["run"]) == set(frame["run"])
broken = evals[evals["run"].isin(frame.loc[diverged, "run"])]
values = broken[["trainLoss", "testLoss", "normL2"]].to_numpy()
assert (~np.isfinite(values)).any(), "a diverged run has a value that is not finite"
assert evals["trainLoss"].isna().sum() == np.isnan(evals["trainLoss"].to_numpy()).sum()

for name, table in (("runs", frame), ("evals", evals)):
    text = pd.read_csv(f"{name}.csv")
    assert list(text.columns) == list(table.columns) and len(text) == len(table)
    for column in table.columns:
        if table[column].dtype.kind == "f":
            left, right = text[column].to_numpy(float), table[column].to_numpy(float)
            assert np.array_equal(left, right, equal_nan=True), (name, column)

print(f"{len(frame)} runs, {len(evals)} evaluations, {int((~np.isfinite(values)).sum())} values that are not finite: all as stored")
