r"""Energy and carbon dioxide by zone: sectors, heat, cars; coal, oil, gas, power.

.. math::

    E_{kz} = \sigma_z\, e_k\, Y_{kz}\,(1-a)^t\, e^{-\pi_{kz}}, \qquad
    E^h_z = \eta\,\theta\,H_z\,(1-a_h)^t, \qquad E^c_z = \phi\,VKT_z\,(1-a_c)^t

    CO_2 = \sum_k E_{kz} \sum_f m_{kf}\, c_f(t) + E^h_z\, c^h + E^c_z\, c_{oil}, \qquad
    c_{power}(t): \text{the grid's path}

Production-based. The city factor :math:`\sigma` is inverted so that the base year is the city's
inventory: its level from one inventory, carried to the base year with the profile of the other;
how far the two disagree is drawn. Power counts at the factor of the grid where it is used, which
stands in for the power plants of the area. Coal that policy removes is replaced by gas. Distance
driven, VKT, is that of the commuters who go by car, and of all other driving in proportion.

Sources: efficiency and grid paths as in the parameters; inventories in the area's tables.
"""

from dataclasses import dataclass

import numpy as np

from model.axes import Array, lift
from model.contract import Process
from model.parameters import Params, par
from model.processes.journeys import CAR
from model.reading.tables import CARRIERS
from model.world import World

MWH_PER_TCE = 8.14
KGCE_PER_MTCE = 1e9


@dataclass(frozen=True)
class EnvironmentParams(Params):
    """Efficiency, carbon contents, heat and cars."""

    efficiency_gain: float = par(
        0.025, unit="1/yr", prior="Normal(0.025, 0.008)", low=-0.02, high=0.08, id="E02",
        doc="yearly fall of energy over output of a sector", source="China 2010-2020",
        evidence="recalled",
    )  # fmt: skip
    grid_factor: float = par(
        0.72, unit="t/MWh", prior="Normal(0.72, 0.108)", low=0.2, high=1.2, id="E03",
        doc="carbon dioxide of the regional grid in the base year",
        source="published factors of the north-eastern grid", evidence="recalled",
    )  # fmt: skip
    grid_end: float = par(
        0.25, unit="t/MWh", prior="Normal(0.25, 0.0375)", low=0, high=1,
        doc="carbon dioxide of the regional grid at the end of its path",
        source="published outlooks", evidence="recalled",
    )  # fmt: skip
    grid_years: float = par(
        30.0, unit="yr", prior="Fixed(30)", low=1, high=80,
        doc="years from one to the other, evenly", source="as E03", evidence="assumed",
    )  # fmt: skip
    coal_factor: float = par(
        2.66, unit="t/tce", prior="Normal(2.66, 0.05)", low=2, high=3.2,
        doc="carbon dioxide of coal", source="default factors of the guidelines for inventories",
        evidence="recalled",
    )  # fmt: skip
    oil_factor: float = par(
        2.1, unit="t/tce", prior="Normal(2.1, 0.05)", low=1.5, high=2.6,
        doc="carbon dioxide of oil", source="default factors of the guidelines for inventories",
        evidence="recalled",
    )  # fmt: skip
    gas_factor: float = par(
        1.63, unit="t/tce", prior="Normal(1.63, 0.03)", low=1.2, high=2,
        doc="carbon dioxide of gas", source="default factors of the guidelines for inventories",
        evidence="recalled",
    )  # fmt: skip
    heat_per_degree_day: float = par(
        0.0040, unit="kgce/m2", prior="LogNormal(0.0040, 0.15)", low=0.0005, high=0.02,
        doc="fuel for heating a square metre over one degree day",
        source="14 to 16 kgce a square metre in northern cities of 3,700 degree days",
        evidence="recalled",
    )  # fmt: skip
    heated_share: float = par(
        0.85, unit="share", prior="Beta(17, 3)", low=0, high=1,
        doc="share of floor space lived in that is heated with fuel", source="judgement",
        evidence="assumed",
    )  # fmt: skip
    heat_gain: float = par(
        0.01, unit="1/yr", prior="Normal(0.01, 0.005)", low=-0.02, high=0.05,
        doc="yearly fall of fuel per heated square metre", source="judgement: better walls",
        evidence="assumed",
    )  # fmt: skip
    coal_in_heat: float = par(
        0.85, unit="share", prior="Beta(34, 6)", low=0, high=1,
        doc="share of coal in heating fuel in the base year; the rest is gas",
        source="north-eastern cities", evidence="recalled",
    )  # fmt: skip
    car_travel: float = par(
        3.0, unit="1", prior="LogNormal(3.0, 0.3)", low=1, high=12,
        doc="all distance driven over that driven to work", source="judgement",
        evidence="assumed",
    )  # fmt: skip
    working_days: float = par(
        250.0, unit="1/yr", prior="Fixed(250)", low=100, high=366,
        doc="days of work", source="calendar", evidence="recalled",
    )  # fmt: skip
    fuel_per_km: float = par(
        0.086, unit="kgce/km", prior="Normal(0.086, 0.008)", low=0.02, high=0.2,
        doc="fuel of a car over a kilometre", source="8 litres of petrol over 100 km",
        evidence="recalled",
    )  # fmt: skip
    car_gain: float = par(
        0.02, unit="1/yr", prior="Normal(0.02, 0.008)", low=-0.02, high=0.08,
        doc="yearly fall of fuel per kilometre, electric cars included", source="judgement",
        evidence="assumed",
    )  # fmt: skip


# -- equations ---------------------------------------------------------------------


def sector_energy(output: Array, intensity: Array, saved: Array, gain: Array, years: int) -> Array:
    """Energy of sectors before the city factor.

    Parameters
    ----------
    output : (draw, sector, zone) [1e8 yuan of 2020]
    intensity : (draw, sector) [tce per 1e4 yuan]
    saved : (draw, sector, zone) [log]
        By policy.
    gain : (draw,) [1/yr]
    years : int [yr]
        Since the base year.

    Returns
    -------
    (draw, sector, zone) [Mtce]

    Examples
    --------
    >>> one = np.ones((1, 1, 1))
    >>> sector_energy(200 * one, np.array([[0.5]]), 0 * one, np.array([0.0]), 9).tolist()
    [[[1.0]]]
    """
    # 1e8 yuan at 1 tce per 1e4 yuan is 1e4 tce.
    per_unit = intensity * (1 - lift(gain, 1)) ** years / 100
    return output * per_unit[:, :, None] * np.exp(-saved)


def heat_energy(floor_space: Array, degree_days: Array, p: EnvironmentParams, years: int) -> Array:
    """Fuel for heating dwellings.

    Parameters
    ----------
    floor_space : (draw, zone) [m2]
    degree_days : (draw,) [1]
    p : EnvironmentParams
    years : int [yr]

    Returns
    -------
    (draw, zone) [Mtce]

    Examples
    --------
    >>> heat = heat_energy(np.array([[1e8]]), np.array([3700.0]), EnvironmentParams(), 0)
    >>> float(heat[0, 0].round(3))
    1.258
    """
    each = p.heat_per_degree_day * degree_days * p.heated_share * (1 - p.heat_gain) ** years
    return floor_space * lift(each, 1) / KGCE_PER_MTCE


def car_energy(drivers: Array, distance: Array, p: EnvironmentParams, years: int) -> Array:
    """Fuel of cars, from the distance driven to work.

    Parameters
    ----------
    drivers : (draw, zone, to_zone) [persons]
        Commuters by car.
    distance : (draw, zone, to_zone) [km]
    p : EnvironmentParams
    years : int [yr]

    Returns
    -------
    (draw, zone) [Mtce]

    Examples
    --------
    >>> people, km = np.full((1, 1, 1), 1e6), np.full((1, 1, 1), 10.0)
    >>> float(car_energy(people, km, EnvironmentParams(), 0)[0, 0].round(3))
    1.29
    """
    # Row by row within each draw: no product of the size of both is made.
    person_km = np.einsum("dij,dij->di", drivers, distance)
    km = person_km * lift(2 * p.working_days, 1)
    each = p.car_travel * p.fuel_per_km * (1 - p.car_gain) ** years
    return km * lift(each, 1) / KGCE_PER_MTCE


def grid_path(start: Array, end: Array, years: int, span: Array) -> Array:
    """Carbon dioxide of the grid, falling evenly and then staying, (draw,) [t/MWh].

    Examples
    --------
    >>> grid_path(np.array([0.7]), np.array([0.1]), 15, np.array([30.0])).round(6).tolist()
    [0.4]
    """
    return start + (end - start) * np.minimum(years / np.asarray(span), 1.0)


def carbon_contents(mix: Array, grid: Array, p: EnvironmentParams) -> Array:
    """Carbon dioxide over energy of each sector.

    Parameters
    ----------
    mix : (sector, carrier) or (draw, sector, carrier) [share]
        Of coal, oil, gas, power.
    grid : (draw,) [t/MWh]
    p : EnvironmentParams

    Returns
    -------
    (draw, sector) [t/tce]

    Examples
    --------
    >>> mix = np.array([[1.0, 0, 0, 0], [0, 0, 0, 1.0]])
    >>> carbon_contents(mix, np.array([0.5]), EnvironmentParams()).round(2).tolist()
    [[2.66, 4.07]]
    """
    factors = [p.coal_factor, p.oil_factor, p.gas_factor, grid * MWH_PER_TCE]
    by_carrier = np.stack(np.broadcast_arrays(*[lift(factor, 0) for factor in factors]), axis=1)
    return np.matmul(by_carrier[:, None], np.swapaxes(mix, -1, -2))[:, 0]


def coal_swap(coal: Array, energy: Array, change: Array) -> Array:
    """Coal that policy replaces by gas: never more than there is.

    Parameters
    ----------
    coal, energy : (draw, zone) [Mtce]
    change : (draw, zone) [1]
        Of coal's share in energy; negative replaces coal.

    Returns
    -------
    (draw, zone) [Mtce]

    Examples
    --------
    >>> coal, energy = np.array([[4.0, 4.0]]), np.array([[10.0, 10.0]])
    >>> coal_swap(coal, energy, np.array([[-0.1, -0.9]])).tolist()
    [[1.0, 4.0]]
    """
    return np.minimum(-change * energy, coal)


# -- action ------------------------------------------------------------------------


def act(world: World, p: EnvironmentParams) -> None:
    """Energy of sectors, homes and cars; the coal in it; carbon dioxide."""
    use(world, p)
    by_sector = world["sector_energy"]
    mix = world.fixed["energy_mix"]
    content = carbon_contents(mix, world["grid_factor"], p)
    emitted = (by_sector * content[:, :, None]).sum(axis=1)
    coal = (by_sector * mix[..., CARRIERS.index("coal"), None]).sum(axis=1)
    swapped = coal_swap(coal, by_sector.sum(axis=1), world["policy_coal_share"])
    heat = heat_of(world, p)
    cleaner = swapped * lift(p.coal_factor - p.gas_factor, 1)
    cars = world["car_energy"] * lift(p.oil_factor, 1)
    world["coal_use"] = coal - swapped + heat["coal"]
    world["co2_emissions"] = emitted - cleaner + heat["emitted"] + cars


def use(world: World, p: EnvironmentParams) -> None:
    """Energy by sector, for heat and for cars."""
    years, fixed = world.elapsed, world.fixed
    gain = np.asarray(p.efficiency_gain)
    saved = world["policy_energy_efficiency"]
    raw = sector_energy(world["output"], fixed["energy_intensity"], saved, gain, years)
    world["sector_energy"] = raw * fixed["energy_scale"][:, None]
    days = world.assumed["degree_days"]
    world["heat_energy"] = heat_energy(world["occupied_floor_space"], days, p, years)
    drivers = world["commuters_by_pair_and_mode"][:, CAR]
    world["car_energy"] = car_energy(drivers, fixed["road_distance"], p, years)
    parts = world["sector_energy"].sum(axis=1)
    world["energy_use"] = parts + world["heat_energy"] + world["car_energy"]
    start, end = np.asarray(p.grid_factor), np.asarray(p.grid_end)
    world["grid_factor"] = grid_path(start, end, years, np.asarray(p.grid_years))


def heat_of(world: World, p: EnvironmentParams) -> dict[str, Array]:
    """Coal and carbon dioxide of heating; a share of its coal moved to clean sources."""
    energy = world["heat_energy"]
    kept = 1 - np.clip(world["policy_clean_heat"], 0.0, 1.0)
    coal = energy * lift(p.coal_in_heat, 1)
    gas = energy - coal
    emitted = coal * kept * lift(p.coal_factor, 1) + gas * lift(p.gas_factor, 1)
    return {"coal": coal * kept, "emitted": emitted}


ENVIRONMENT = Process(
    "environment",
    reads=(
        "output",
        "occupied_floor_space",
        "commuters_by_pair_and_mode",
        "policy_energy_efficiency",
        "policy_clean_heat",
        "policy_coal_share",
    ),
    writes=(
        "sector_energy",
        "heat_energy",
        "car_energy",
        "energy_use",
        "grid_factor",
        "coal_use",
        "co2_emissions",
    ),
    act=act,
    params=EnvironmentParams,
    about="energy of sectors, homes and cars, and the carbon dioxide of it",
)
