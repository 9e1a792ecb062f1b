r"""Growth of productivity and capital, learned from the growth of output.

The economy of the model starts at the end of 2016, with the published output of that year, and runs
to 2020 for many draws of the priors, without shocks and with the labour force and its schooling on
the line between the censuses of 2010 and 2020, so that errors about people are not taken for
growth. Each draw is weighed by how well its growth by city and year meets the published growth of
2017-2020. **2021 is scored and never seen here.** Earlier years are left out: output of 2010-2016
is overstated and its correction fell into 2016.

.. math::

    w_d \propto \Bigl(1 + \tfrac{1}{\nu}\, r_d^\top \Sigma_d^{-1} r_d\Bigr)^{-(\nu+n)/2}
        |\Sigma_d|^{-1/2}, \quad r_{cy} = g^{obs}_{cy} - g^{model}_{cy}, \quad \nu = 4

    \Sigma = \sigma_w^2 I + \sigma_c^2\, 1[\text{same city}] + \sigma_a^2\, 1[\text{same year}]

:math:`\sigma_w, \sigma_a` are the draw's own yearly shocks of a city and of the area;
:math:`\sigma_c` is what the model gets wrong about a city for good, so that four years of a city
are not four facts. The gap of the base year lowers the growth of 2020 in every city.

Sources: importance weighting of prior draws (Rubin 1988, sampling-importance resampling);
Student-t errors and model discrepancy after Kennedy and O'Hagan (2001, JRSS B 63). Growth:
statistical yearbooks; the re-based series where there is one.
"""

from dataclasses import dataclass, replace

import numpy as np

from calibration.starts import area_at, people_at
from calibration.workers_schooling import shares_since, tilted
from model.area import Area
from model.axes import Array, lift, total
from model.base_year.baseline import PUBLISHED, employed_residents
from model.base_year.initial import begin_economy
from model.begin import Plan, new_world
from model.priors import parse_prior
from model.processes import SCHEDULE, human_capital
from model.scenario import Scenario
from model.simulation import params_of
from model.streams import stratified
from model.world import World

START = 2016
FITTED = (2017, 2018, 2019, 2020)
SCORED = 2021
CITY_DISCREPANCY = 0.010
FREEDOM = 4.0
BLOCK = 50
ECONOMY = tuple(
    process
    for process in SCHEDULE
    if process.name
    in {
        "capital",
        "linkages",
        "human capital",
        "productivity",
        "wages",
        "labour demand",
        "labour",
        "output",
    }
)

# What was believed before the data; the parameters themselves carry what is believed after.
PRIORS = {
    "industry.frontier_growth": "Normal(0.010, 0.008)",
    "industry.catch_up": "LogNormal(0.012, 0.5)",
    "industry.capital_growth": "Normal(0.02, 0.008)",
    "industry.investment_response": "LogNormal(0.30, 0.4)",
    "industry.productivity_walk": "HalfNormal(0.018)",
    "labour.adjustment": "Beta(8, 12)",
    "productivity.area_walk": "HalfNormal(0.015)",
    "productivity.base_gap": "Normal(0.02, 0.02)",
    "family_drift.agri": "Normal(0.01, 0.01)",
    "family_drift.raw": "Normal(-0.005, 0.008)",
    "family_drift.old": "Normal(0.005, 0.008)",
    "family_drift.new": "Normal(0.008, 0.008)",
    "family_drift.construction": "Normal(-0.005, 0.01)",
    "family_drift.services": "Normal(-0.003, 0.008)",
    "family_drift.digital": "Normal(0.003, 0.01)",
    "family_drift.public": "Normal(-0.007, 0.008)",
}
EARLY_ALONE = ("productivity.frontier_slowdown",)
"""What the earlier start believed otherwise and four years of growth cannot teach."""


@dataclass(frozen=True)
class Learned:
    """What the growth of output says of one parameter."""

    parameter: str
    prior_mean: float
    prior_sd: float
    mean: float
    sd: float

    @property
    def contraction(self) -> float:
        """One minus the sd after over the sd before: under 0.2 is not identified."""
        return 1 - self.sd / self.prior_sd


def observed_growth(area: Area, years: tuple[int, ...]) -> Array:
    """(year, statistics region) [log/yr] published real growth, the re-based series first.

    Examples
    --------
    >>> from model.area_loading import load_area
    >>> float(observed_growth(load_area(), (2018,))[0, 0].round(4))
    0.0516
    """
    rows = []
    for year in years:
        first = area.statistic("gdp", year, series="growth_revised", item="total")
        plain = area.statistic("gdp", year, series="growth", item="total")
        rows.append(np.log1p(np.where(np.isfinite(first), first, plain) / 100))
    return np.array(rows)


def drawn_parameters(
    seed: int, count: int, believed: dict[str, str] | None = None
) -> dict[str, Array]:
    """(draw,) values of each parameter from what was believed before: ``PRIORS`` unless told."""
    return {
        key: parse_prior(text).quantile(stratified(seed, f"growth/{key}", count))
        for key, text in (believed or PRIORS).items()
    }


def believed_early(area: Area) -> dict[str, str]:
    """Priors of growth as one could hold them at the area's earlier start.

    Those of the earlier start where it has its own, the others as they are.

    Examples
    --------
    >>> from model.area_loading import load_area
    >>> believed_early(load_area())["family_drift.agri"]
    'Normal(0.01, 0.013)'
    """
    own = {row["id"]: row["prior"].text for row in area.tables["history_assumptions"]}
    return {key: own[key] for key in (*PRIORS, *EARLY_ALONE) if key in own} | {
        key: text for key, text in PRIORS.items() if key not in own
    }


def simulated(
    area: Area, drawn: dict[str, Array], seed: int, start: int, end: int
) -> tuple[Array, Array, Array]:
    """Economy started at an earlier year, people known, without shocks.

    Parameters
    ----------
    area : Area
    drawn : dict of (draw,)
        Values by parameter; all others are drawn from their own priors.
    seed : int
    start, end : int [year]

    Returns
    -------
    output : (draw, year, statistics region) [1e8 yuan]
        At the prices of the start, from the start to the end.
    shares : (draw, year, statistics region, published sector) [share]
        Of output at the year's relative prices.
    jobs : (draw, year, statistics region, published sector) [persons]
    """
    moved = area_at(area, start)
    count = len(next(iter(drawn.values())))
    nothing = Scenario("growth", "Nothing is done")
    plan = Plan(nothing, area.name, "mean", 100, seed, count, end, False)
    schooled = {year: shares_since(area, year) for year in range(start, end + 1)}
    blocks = []
    for low in range(0, count, BLOCK):
        chosen = slice(low, min(low + BLOCK, count))
        world = new_world(plan, moved, chosen, people_at(area, moved))
        settle(world, {key: value[chosen] for key, value in drawn.items()})
        begin_economy(world)
        world["posts"] = world["firm_jobs"] = world["expected_jobs"]
        slack = 1 - lift(world.params["matching"].base_unemployment, 1)
        counted = world["labour_supply_by_education"]
        world["labour_supply_by_education"] = tilted(counted, schooled[start])
        human_capital.begin(world)
        found = [measured(world)]
        for year in range(start + 1, end + 1):
            world.year = year
            world["labour_supply"] = workers(area, year) / slack
            world["labour_supply_by_education"] = tilted(counted, schooled[year])
            for process in ECONOMY:
                process.act(world, params_of(world, process))
                if process.name == "labour demand":
                    # No firm stands between what employers want and what they offer.
                    world["posts"] = world["firm_jobs"] = world["labour_demand"]
            found.append(measured(world))
        blocks.append([np.stack(each, axis=1) for each in zip(*found, strict=True)])
    output, shares, jobs = (np.concatenate(each) for each in zip(*blocks, strict=True))
    return output, shares, jobs


def workers(area: Area, year: int) -> Array:
    """(zone,) [persons] employed residents on the line through the two censuses."""
    return np.maximum(workers_by_row(area, year).sum(axis=0), 0.0)


def workers_by_row(area: Area, year: int) -> Array:
    """(census row, zone) [persons] employed residents on the line through the two censuses."""
    early, late = int(area.settings["history_year"]), area.base_year
    first, last = (employed_residents(area, one) for one in (early, late))
    return first + (last - first) * (year - early) / (late - early)


def measured(world: World) -> tuple[Array, Array, Array]:
    """Real output by city; shares of the published sectors in its value, and their jobs."""
    _, weights = world.area.statistics
    published = world.area.column("sectors", "published_sector")
    value, jobs = (
        np.stack(
            [total(world[name][:, published == p].sum(axis=1), weights) for p in PUBLISHED], axis=-1
        )
        for name in ("output_value", "expected_jobs")
    )
    return total(world["gdp_real"], weights), value / value.sum(axis=-1, keepdims=True), jobs


def settle(world: World, drawn: dict[str, Array]) -> None:
    """Give a world the values drawn, and no shocks."""
    world.sampled = False
    for key, value in drawn.items():
        process, _, name = key.partition(".")
        if process in world.params:
            declared = world.params[process].declarations()[name]
            inside = np.clip(value, declared.low, declared.high)
            world.params[process] = replace(world.params[process], **{name: inside})
        else:
            world.assumed[key] = value
    none = np.zeros(len(world.draws))
    world.params["productivity"] = replace(world.params["productivity"], base_gap=none)


def covariance(walk: float, shared: float, years: int, cities: int) -> Array:
    """Covariance of growth errors, (year and city, year and city) [log2/yr2].

    Examples
    --------
    >>> covariance(0.03, 0.02, 1, 2).round(4).tolist()
    [[0.0014, 0.0004], [0.0004, 0.0014]]
    """
    year, city = np.divmod(np.arange(years * cities), cities)
    same_year, same_city = year[:, None] == year, city[:, None] == city
    own = walk**2 * np.eye(years * cities)
    return own + shared**2 * same_year + CITY_DISCREPANCY**2 * same_city


def log_likelihood(errors: Array, walk: Array, shared: Array) -> Array:
    """Multivariate Student-t log likelihood of growth errors, up to a constant.

    Parameters
    ----------
    errors : (draw, year, city) [log/yr]
    walk, shared : (draw,) [log/yr]

    Returns
    -------
    (draw,) [1]

    Examples
    --------
    >>> near, far = np.zeros((1, 2, 2)), np.full((1, 2, 2), 0.1)
    >>> both = log_likelihood(np.concatenate([near, far]), np.full(2, 0.02), np.full(2, 0.02))
    >>> bool(both[0] > both[1])
    True
    """
    draws, years, cities = errors.shape
    found = np.empty(draws)
    for draw in range(draws):
        # A draw without any shock would call every error impossible.
        matrix = covariance(max(walk[draw], 0.002), shared[draw], years, cities)
        flat = errors[draw].ravel()
        _, size = np.linalg.slogdet(matrix)
        distance = flat @ np.linalg.solve(matrix, flat)
        found[draw] = -size / 2 - (FREEDOM + flat.size) / 2 * np.log1p(distance / FREEDOM)
    return found


def weigh(
    area: Area, growth: Array, drawn: dict[str, Array], fitted: tuple[int, ...] = FITTED
) -> Array:
    """Weights of the draws on the fitted years alone; they sum to one.

    Parameters
    ----------
    area : Area
    growth : (draw, year, statistics region) [log/yr]
        Of the model, from the year after ``START``.
    drawn : dict of (draw,)
    fitted : tuple of int
        Years that the weights may see; without any, all draws weigh the same.

    Returns
    -------
    (draw,) [1]
    """
    if not fitted:
        return np.full(len(growth), 1 / len(growth))
    rows = [year - START - 1 for year in fitted]
    errors = observed_growth(area, fitted) - growth[:, rows]
    if area.base_year in fitted:
        errors[:, fitted.index(area.base_year)] += drawn["productivity.base_gap"][:, None]
    score = log_likelihood(
        errors, drawn["industry.productivity_walk"], drawn["productivity.area_walk"]
    )
    weights = np.exp(score - score.max())
    return weights / weights.sum()


def learned(drawn: dict[str, Array], weights: Array) -> list[Learned]:
    """Mean and spread of each parameter before and after."""
    found = []
    for key, values in drawn.items():
        mean = float(values @ weights)
        spread = float(np.sqrt((values - mean) ** 2 @ weights))
        found.append(Learned(key, float(values.mean()), float(values.std()), mean, spread))
    return found


def learn(area: Area, count: int = 4000, seed: int = 0) -> tuple[list[Learned], float]:
    """What the fitted years say of the parameters, and how many draws carry it.

    Parameters
    ----------
    area : Area
    count : int
        Draws of the priors.
    seed : int

    Returns
    -------
    table : list of Learned
    effective : float
        Effective number of draws (Kish).
    """
    drawn = drawn_parameters(seed, count)
    output, _, _ = simulated(area, drawn, seed, START, FITTED[-1])
    weights = weigh(area, np.diff(np.log(output), axis=1), drawn)
    return learned(drawn, weights), float(1 / (weights**2).sum())


if __name__ == "__main__":
    from model.area_loading import load_area

    table, effective = learn(load_area())
    print(f"fitted {FITTED[0]}-{FITTED[-1]}, scored {SCORED}; {effective:.0f} effective draws")
    for row in table:
        print(
            f"{row.parameter:32s} {row.prior_mean:8.4f} +- {row.prior_sd:.4f} -> "
            f"{row.mean:8.4f} +- {row.sd:.4f}  contraction {row.contraction:5.2f}"
        )
