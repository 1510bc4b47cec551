"""Tables to walking times; knows no file and no partner."""
