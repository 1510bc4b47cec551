"""Official files brought in: addresses, download, checks, unpacking, cut to the territory."""
