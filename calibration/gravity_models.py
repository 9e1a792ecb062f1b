r"""The family of gravity models (Wilson 1971), estimated on a flow table by maximum likelihood.

.. math::

    \mu_{ij} = \exp(\kappa)\, \prod_k O_{ik}^{\sigma_k} \prod_k D_{jk}^{\delta_k}\, f(c_{ij}), \quad
    f(c) = e^{\lambda c},\; c^{\lambda},\; c^{\lambda_1} e^{\lambda_2 c}

The cost function is exponential, power or combined (Tanner 1961). Unconstrained models have the
intercept and the masses of both ends; origin-constrained ones an effect of every origin in place
of the origin's masses and reproduce the total out of each; destination-constrained ones likewise;
doubly constrained ones both. Coefficients are those of the Poisson regression: a decay shows as a
negative number.

Sources: Wilson (1971, Environment and Planning 3); Flowerdew, Aitkin (1982, Journal of Regional
Science 22); Fotheringham, O'Kelly (1989, Spatial Interaction Models). Conventions of fit follow
Oshan (2016, REGION 3): parameters counted with intercept and effects, AIC = 2 k - 2 ln L.
"""

from dataclasses import dataclass

import numpy as np

from calibration.flow_tables import FlowTable
from calibration.gravity_fit import (
    Cells,
    Fitted,
    covariances,
    full_covariance,
    maximum,
)
from calibration.gravity_result import Estimates, GravityFit
from model.axes import Array
from model.problems import Problem, ProblemsError, nearest

MODELS = {
    "unconstrained": "intercept and masses of both ends",
    "origin": "total out of every origin is met (production-constrained)",
    "destination": "total into every destination is met (attraction-constrained)",
    "doubly": "totals of origins and destinations are met",
}
DECAYS = {
    "exponential": "exp(b cost)",
    "power": "cost ** b",
    "tanner": "cost ** b exp(c cost)",
}
INTRAZONAL = {
    "include": "flows within a place are flows as others",
    "exclude": "flows within a place are left out of the table",
    "own": "flows within a place have a coefficient of their own",
}
ALIASES = {
    "production": "origin",
    "attraction": "destination",
    "exp": "exponential",
    "pow": "power",
}


SIDES = {
    "unconstrained": (False, False),
    "origin": (True, False),
    "destination": (False, True),
    "doubly": (True, True),
}
LARGEST = 1_000


@dataclass(frozen=True)
class Design:
    """A table arranged for estimation.

    Attributes
    ----------
    cells : Cells
    names : tuple of str
        Of the variables.
    means, scales : (variable,) [any]
        By which the variables were standardised.
    """

    cells: Cells
    names: tuple[str, ...]
    means: Array
    scales: Array


def fit_gravity(
    table: FlowTable,
    model: str = "doubly",
    decay: str = "exponential",
    intrazonal: str = "include",
) -> GravityFit:
    """Gravity model of a flow table, by maximum likelihood.

    Parameters
    ----------
    table : FlowTable
        Masses of an end that has effects are left aside: the effects hold what they say.
    model : str
        One of ``unconstrained``, ``origin`` (or ``production``), ``destination`` (or
        ``attraction``), ``doubly``.
    decay : str
        One of ``exponential`` (or ``exp``), ``power`` (or ``pow``), ``tanner``.
    intrazonal : str
        Flows from a place to itself: ``include``, ``exclude``, or ``own`` for a coefficient of
        their own.

    Returns
    -------
    GravityFit

    Raises
    ------
    ProblemsError
        Every reason why the model cannot be estimated on this table: unknown words, costs of zero
        under a power, masses of zero, places whose constrained total is zero, parts that exchange
        nothing, too few cells, variables that cannot be told from the effects.
    RunError
        No maximum.

    Examples
    --------
    Flows that follow the model exactly give its decay back:

    >>> from calibration.flow_tables import flows_of_matrix
    >>> cost = np.array([[1.0, 4.0, 9.0], [4.0, 1.0, 5.0], [9.0, 5.0, 1.0]])
    >>> flows = 1000 * np.outer([1, 2, 3], [3, 2, 1]) * np.exp(-0.3 * cost)
    >>> fit = fit_gravity(flows_of_matrix(flows, cost), "doubly", "exponential")
    >>> round(fit["cost"], 9), fit.parameters, round(fit.common_part, 9)
    (-0.3, 6, 1.0)
    """
    words = words_of(model, decay, intrazonal)
    used = table.only(~table.intrazonal) if intrazonal == "exclude" else table
    design = arranged(used, *words)
    return reported(used, words, design, maximum(design.cells, design.names))


def words_of(model: str, decay: str, intrazonal: str) -> tuple[str, str, str]:
    """Words of a model, other names of the same put right.

    Parameters
    ----------
    model, decay, intrazonal : str

    Returns
    -------
    tuple of str

    Raises
    ------
    ProblemsError
        Every unknown word, with the nearest valid ones.

    Examples
    --------
    >>> words_of("production", "pow", "include")
    ('origin', 'power', 'include')
    >>> words_of("duobly", "exp", "include")
    Traceback (most recent call last):
    model.problems.ProblemsError: arguments: model: unknown 'duobly'; did you mean doubly?
    """
    model, decay = ALIASES.get(model, model), ALIASES.get(decay, decay)
    said = (("model", model, MODELS), ("decay", decay, DECAYS))
    problems = [
        Problem("arguments", None, name, f"unknown {word!r}" + nearest(word, list(valid)))
        for name, word, valid in (*said, ("intrazonal", intrazonal, INTRAZONAL))
        if word not in valid
    ]
    if problems:
        raise ProblemsError(problems)
    return model, decay, intrazonal


def arranged(table: FlowTable, model: str, decay: str, intrazonal: str) -> Design:
    """Variables and groups of a model on a table, checked.

    Parameters
    ----------
    table : FlowTable
    model, decay, intrazonal : str

    Returns
    -------
    Design

    Raises
    ------
    ProblemsError
        See :func:`fit_gravity`.

    Examples
    --------
    >>> from calibration.flow_tables import flows_of_matrix
    >>> table = flows_of_matrix([[1, 2], [3, 4]], [[1, 2], [2, 0]])
    >>> arranged(table, "doubly", "power", "include")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    model.problems.ProblemsError: flows: cost: zero from 1 to 1: its logarithm is not defined...
    """
    origins, destinations = SIDES[model]
    logged: dict[str, Array] = {}
    if not origins:
        logged |= {f"log {name}": mass for name, mass in table.origin_masses.items()}
    if not destinations:
        logged |= {f"log {name}": mass for name, mass in table.destination_masses.items()}
    plain = {"intrazonal": table.intrazonal.astype(float)} if intrazonal == "own" else {}
    if decay != "exponential":
        logged["log cost"] = table.cost
    if decay != "power":
        plain["cost"] = table.cost
    problems = empty_places(table, origins, destinations)
    problems += [problem for name, mass in logged.items() for problem in zeros(table, name, mass)]
    # Without constraints there is one intercept; with both, one effect is the reference.
    effects = len(table.origins) * origins + len(table.destinations) * destinations
    free = effects - 1 if origins and destinations else max(effects, 1)
    parameters = len(logged) + len(plain) + free
    if len(table.flow) < parameters:
        message = f"{len(table.flow)} cells cannot tell {parameters} parameters"
        problems.append(Problem("flows", None, "", message))
    if problems:
        raise ProblemsError(problems)
    columns = [np.log(mass) for mass in logged.values()] + list(plain.values())
    variables = np.stack(columns, axis=1)
    means, spread = variables.mean(axis=0), variables.std(axis=0)
    scales = np.where(spread > 1e-12 * np.abs(means), spread, 1.0)
    alone = np.zeros(len(table.flow), dtype=int)
    first = table.origin if origins else table.destination if destinations else alone
    cells = Cells(
        table.flow,
        (variables - means) / scales,
        first,
        table.destination if origins and destinations else None,
    )
    return Design(cells, (*logged, *plain), means, scales)


def empty_places(table: FlowTable, origins: bool, destinations: bool) -> list[Problem]:
    """Places whose effect has no finite value, and tables that fall apart.

    Examples
    --------
    >>> from calibration.flow_tables import flows_of_matrix
    >>> table = flows_of_matrix([[1, 2], [0, 0]], [[1, 2], [2, 1]], origins=["a", "b"])
    >>> [problem.message for problem in empty_places(table, True, False)]
    ['nothing leaves b: its effect cannot be estimated; leave it out, or do not constrain origins']
    """
    if not len(table.flow):
        return [Problem("flows", None, "", "no cells are left")]
    if not table.flow.any():
        return [Problem("flows", None, "flow", "every flow is zero")]
    problems = []
    sides = (
        (origins, table.origins, table.origin, "nothing leaves {}", "origins"),
        (destinations, table.destinations, table.destination, "nothing reaches {}", "destinations"),
    )
    for constrained, names, place, text, side in sides:
        totals = np.bincount(place, weights=table.flow, minlength=len(names))
        for at in np.flatnonzero(totals == 0) if constrained else ():
            message = f"{text.format(names[at])}: its effect cannot be estimated; leave it out, "
            problems.append(Problem("flows", None, "", f"{message}or do not constrain {side}"))
    if origins and destinations:
        problems += separate_parts(table)
    return problems


def separate_parts(table: FlowTable) -> list[Problem]:
    """A problem when places fall into parts without a cell between them.

    Examples
    --------
    >>> from calibration.flow_tables import flows_of_frame
    >>> rows = {"origin": ["a", "b"], "destination": ["x", "y"], "flow": [1, 2], "cost": [1, 2]}
    >>> separate_parts(flows_of_frame(rows))[0].message
    'the table falls into 2 parts without a pair between them: the one of a; the one of b'
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    starts, ends = len(table.origins), len(table.destinations)
    pairs = (table.origin, starts + table.destination)
    graph = coo_array((np.ones(len(table.flow)), pairs), shape=(starts + ends, starts + ends))
    count, part = connected_components(graph, directed=False)
    if count == 1:
        return []
    first = [table.origins[int(np.argmax(part[:starts] == one))] for one in range(min(count, 8))]
    listed = "; ".join(f"the one of {name}" for name in first)
    message = f"the table falls into {count} parts without a pair between them: {listed}"
    return [Problem("flows", None, "", message)]


def zeros(table: FlowTable, name: str, values: Array) -> list[Problem]:
    """A problem when a variable that is logged has zeros.

    Examples
    --------
    >>> from calibration.flow_tables import flows_of_matrix
    >>> table = flows_of_matrix([[1]], [[0]], origins=["a"])
    >>> zeros(table, "log cost", table.cost)[0].message
    'zero from a to a: its logarithm is not defined; leave these cells out (intrazonal: exclude)'
    """
    places = np.flatnonzero(values == 0)
    if not len(places):
        return []
    pairs = [
        (table.origins[table.origin[at]], table.destinations[table.destination[at]])
        for at in places[:8]
    ]
    listed = ", ".join(f"{start} to {end}" for start, end in pairs)
    rest = f" and {len(places) - 8} more" if len(places) > 8 else ""
    way = "leave these cells out"
    if table.intrazonal[places].all():
        way += " (intrazonal: exclude)"
    message = f"zero from {listed}{rest}: its logarithm is not defined; {way}"
    return [Problem("flows", None, name.removeprefix("log "), message)]


def reported(
    table: FlowTable, words: tuple[str, str, str], design: Design, fitted: Fitted
) -> GravityFit:
    """Fit in the units of the table."""
    origins, destinations = SIDES[words[0]]
    slopes = fitted.coefficients / design.scales
    shift = float(design.means @ slopes)
    effects = fitted.origin_effects - shift
    firsts = table.origins if origins else table.destinations
    named = dict(zip(firsts, effects.tolist(), strict=True)) if origins or destinations else {}
    seconds = dict(zip(table.destinations, fitted.destination_effects.tolist(), strict=False))
    covariance, robust = covariances(design.cells, fitted)
    size = np.outer(design.scales, design.scales)
    covariance, robust = covariance / size, robust / size
    names, coefficients = design.names, slopes
    estimates = None
    if len(table.origins) + len(table.destinations) <= LARGEST or not named:
        estimates = all_estimates(table, words[0], design, fitted)
    if not named:
        assert estimates is not None
        names, coefficients, covariance = estimates.names, estimates.values, estimates.covariance
        ones = np.ones((len(table.flow), 1))
        scores = np.hstack([ones, design.cells.variables * design.scales + design.means])
        scores *= (table.flow - fitted.predicted)[:, None]
        robust = covariance @ (scores.T @ scores) @ covariance
    return GravityFit(
        *words,
        table,
        names,
        coefficients,
        covariance,
        robust,
        named if origins else {},
        seconds if origins else named,
        fitted.predicted,
        len(effects) + max(len(seconds) - 1, 0) + len(design.names),
        fitted.rounds,
        estimates,
    )


def all_estimates(table: FlowTable, model: str, design: Design, fitted: Fitted) -> Estimates:
    """Effects and coefficients with their covariance, in the units of the table.

    The first destination of a doubly constrained model is the reference and not among them.
    """
    origins, destinations = SIDES[model]
    slopes = fitted.coefficients / design.scales
    names = ["intercept"]
    if origins or destinations:
        firsts = table.origins if origins else table.destinations
        names = [f"{'origin' if origins else 'destination'} {name}" for name in firsts]
    values = [fitted.origin_effects - design.means @ slopes]
    if origins and destinations:
        names += [f"destination {name}" for name in table.destinations[1:]]
        values.append(fitted.destination_effects[1:])
    starts, every = len(fitted.origin_effects), len(names)
    back = np.eye(every + len(slopes))
    back[every:, every:] = np.diag(1 / design.scales)
    back[:starts, every:] = -design.means / design.scales
    covariance = back @ full_covariance(design.cells, fitted) @ back.T
    return Estimates((*names, *design.names), np.concatenate([*values, slopes]), covariance)
