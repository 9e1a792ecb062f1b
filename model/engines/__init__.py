"""Who bears the behaviour: expected counts, or one row a person."""
