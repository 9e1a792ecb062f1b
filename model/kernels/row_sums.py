"""Weighted sums of rows and of columns of small matrices, in compiled loops.

Four rows at a time: a sum that waits for itself, or that is stored after every row, is slow. The
order of a sum depends on the matrix alone. Imported by what calls it, not at start-up.
"""

from model.kernels.compiled import njit


@njit(cache=True, forceinline=True, error_model="numpy", fastmath={"reassoc", "contract"})
def by_row(matrix, weight, sums):  # type: ignore[no-untyped-def]
    """``sums`` of each row, weighted: four rows at a time, since one alone waits for itself."""
    rows, columns = matrix.shape
    four = rows - rows % 4
    for i in range(0, four, 4):
        a, b, c, d = matrix[i], matrix[i + 1], matrix[i + 2], matrix[i + 3]
        one, two, three, more = 0.0, 0.0, 0.0, 0.0
        for j in range(columns):
            one += a[j] * weight[j]
            two += b[j] * weight[j]
            three += c[j] * weight[j]
            more += d[j] * weight[j]
        sums[i], sums[i + 1], sums[i + 2], sums[i + 3] = one, two, three, more
    for i in range(four, rows):
        row, one = matrix[i], 0.0
        for j in range(columns):
            one += row[j] * weight[j]
        sums[i] = one


@njit(cache=True, forceinline=True, error_model="numpy", fastmath={"reassoc", "contract"})
def by_column(matrix, weight, sums):  # type: ignore[no-untyped-def]
    """``sums`` of each column, rows weighted: four rows at a time, to store once."""
    rows, columns = matrix.shape
    four = rows - rows % 4
    sums[:] = 0.0
    for i in range(0, four, 4):
        a, b, c, d = matrix[i], matrix[i + 1], matrix[i + 2], matrix[i + 3]
        one, two, three, more = weight[i], weight[i + 1], weight[i + 2], weight[i + 3]
        for j in range(columns):
            sums[j] += (a[j] * one + b[j] * two) + (c[j] * three + d[j] * more)
    for i in range(four, rows):
        row, one = matrix[i], weight[i]
        for j in range(columns):
            sums[j] += row[j] * one
