"""From a finished run to a reader: regions, files, differences, targets, figures, tables."""
