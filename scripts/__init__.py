"""Programs of the house: set-up, demonstration, gate, fictional town."""
