"""One module for each page: what is asked, what is shown, what is started."""
