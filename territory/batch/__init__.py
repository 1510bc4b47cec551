"""Many territories at once: the same steps as on a laptop, run by Dask, kept in one store."""
