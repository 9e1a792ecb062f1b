"""Small dense systems solved in compiled loops: Gauss with pivots, and Cholesky.

A few lines each, because a library call would take ten seconds to compile.
"""

import math

from model.kernels.compiled import njit


@njit(cache=True, forceinline=True, error_model="numpy", fastmath={"reassoc", "contract"})
def solve(matrix, right):  # type: ignore[no-untyped-def]
    """Solution of a dense system by elimination with pivots, in the place of ``right``.

    ``matrix`` is overwritten.
    """
    size = len(right)
    for k in range(size):
        pivot = k
        for i in range(k + 1, size):
            if abs(matrix[i, k]) > abs(matrix[pivot, k]):
                pivot = i
        if pivot != k:
            for j in range(size):
                matrix[k, j], matrix[pivot, j] = matrix[pivot, j], matrix[k, j]
            right[k], right[pivot] = right[pivot], right[k]
        for i in range(k + 1, size):
            factor = matrix[i, k] / matrix[k, k]
            if factor != 0.0:
                for j in range(k + 1, size):
                    matrix[i, j] -= factor * matrix[k, j]
                right[i] -= factor * right[k]
    for i in range(size - 1, -1, -1):
        total = right[i]
        for j in range(i + 1, size):
            total -= matrix[i, j] * right[j]
        right[i] = total / matrix[i, i]


@njit(cache=True, forceinline=True, error_model="numpy", fastmath={"reassoc", "contract"})
def solve_symmetric(matrix, right):  # type: ignore[no-untyped-def]
    """Solution of a positive definite system (Cholesky), in the place of ``right``.

    Only the lower half of ``matrix`` is read; it is overwritten.
    """
    size = len(right)
    for i in range(size):
        row = matrix[i]
        for j in range(i + 1):
            other, total = matrix[j], row[j]
            for k in range(j):
                total -= row[k] * other[k]
            row[j] = math.sqrt(total) if i == j else total / other[j]
        total = right[i]
        for k in range(i):
            total -= row[k] * right[k]
        right[i] = total / row[i]
    for i in range(size - 1, -1, -1):
        right[i] /= matrix[i, i]
        for k in range(i):
            right[k] -= matrix[i, k] * right[i]
