"""The pipeline behind quick answers: plant location in numpy, prices of the rules, small mixed programs."""
