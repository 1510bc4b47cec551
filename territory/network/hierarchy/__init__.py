"""The exact engine of walking times: a customisable contraction hierarchy and its sweeps."""
