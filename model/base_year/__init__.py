"""The base year: what the tables say of it, and what must be inverted so that it is met."""
