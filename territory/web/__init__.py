"""The pages of a territory folder: thin, they read products and start commands, compute nothing."""
