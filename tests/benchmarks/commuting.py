"""Speed of commuting, beside others where they are installed: python -m tests.benchmarks.commuting.

Every case prints medians and ratios. No test: times depend on the machine and its load.
"""

from tests.benchmarks import assignment, balancing

# In the order in which they are printed; each is a module of this folder with a ``run``.
CASES = (balancing, assignment)

if __name__ == "__main__":
    for one in CASES:
        one.run()
