"""The pure scoring core: values, weights, methods, rankings and their robustness. Nothing here reads or writes."""
