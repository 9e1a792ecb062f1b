"""Bodies of the commands of ``run.py``: each gathers data, prints it, and computes nothing."""
