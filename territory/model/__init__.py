"""What things are: table contracts, records, vocabularies, results."""
