"""Text files read with the line of everything in them: YAML, CSV, tables of a study area."""
