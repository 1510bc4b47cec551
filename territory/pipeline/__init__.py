"""Raw files to the week: the steps, the workspace they work in, and what is written out."""
