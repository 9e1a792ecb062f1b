"""The yearly linear equation of firms, cell by cell, in a compiled loop.

The equation is that of :mod:`model.processes.firm_dynamics`; a test holds this loop against plain
numpy. A cell looks at nothing but itself. Imported by what calls it, not at start-up.
"""

from model.kernels.compiled import njit

# Rounding alone, relative to the jobs of a cell, asks for nothing.
_ROUNDING = 1e-12


@njit(cache=True, error_model="numpy")
def solve_steps(  # type: ignore[no-untyped-def]
    target, jobs, leaving, rising, falling, entry, fall, limit, up, down, closing, entering
):
    """Fill the last four with the steps that make expected jobs the target.

    All (draw, sector, zone) but ``fall`` and ``limit``, (draw,); see ``steps_to``.
    """
    for d in range(len(fall)):
        usual = min(fall[d], limit[d] / 2.0)
        for k in range(target.shape[1]):
            for z in range(target.shape[2]):
                rise, drop, new = rising[d, k, z], falling[d, k, z], entry[d, k, z]
                staying = jobs[d, k, z] - leaving[d, k, z]
                need = target[d, k, z] - staying - new
                above, below = 0.0, usual
                if need + usual * drop > 0.0:
                    above = (need + usual * drop) / rise if rise > 0.0 else 0.0
                    above = min(above, limit[d] - usual)
                else:
                    below = -need / drop if drop > 0.0 else 0.0
                    below = min(max(below, 0.0), limit[d])
                # What steps cannot do: more entries, or fewer of them, and closures for the rest.
                left = need - above * rise + below * drop
                if not abs(left) > _ROUNDING * (staying + new):
                    left = 0.0
                coming, shut = max(new + left, 0.0), 0.0
                if left < 0.0:
                    kept = staying + above * rise - below * drop
                    shut = 1.0 - ((target[d, k, z] - coming) / kept if kept > 0.0 else 1.0)
                up[d, k, z], down[d, k, z], entering[d, k, z] = above, below, coming
                closing[d, k, z] = min(max(shut, 0.0), 1.0)
