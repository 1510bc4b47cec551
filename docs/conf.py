"""The documentation as a site: pages in French, and the reference made from the code."""

from importlib.metadata import version as version_of

project = "territory"
author = "territory"
copyright = "territory, licence MIT"  # noqa: A001 - the name that Sphinx reads
version = release = version_of("territory")
language = "fr"
extensions = ["myst_parser", "sphinx.ext.autodoc"]
exclude_patterns = ["_site"]
html_theme = "furo"
html_title = "territory"
html_show_sourcelink = False
html_copy_source = False
myst_enable_extensions = ["deflist"]
myst_heading_anchors = 3
autodoc_typehints = "signature"
autodoc_member_order = "bysource"
nitpicky = False
