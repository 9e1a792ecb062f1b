"""Compiled loops, draw by draw, and the words they are written in; each has a plain twin in a test.

Imported by what calls them, not at start-up.
"""
