"""Checks of what a person writes: tables of a study area and scenario files."""
