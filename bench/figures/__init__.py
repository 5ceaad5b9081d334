"""Each figure in a file of its own: `measure` gives its rows."""
