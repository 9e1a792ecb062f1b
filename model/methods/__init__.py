"""Methods of demography and of tables with margins that know nothing of this model."""
