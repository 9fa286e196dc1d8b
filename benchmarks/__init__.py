"""What the portal costs, as ratios and figures within one run. `python -m benchmarks` runs all and writes bench.json."""
