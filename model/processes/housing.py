r"""Housing by zone: demand, price, construction, demolition, vacancy.

.. math::

    D_z = q_z\, HH_z\, y_z^{\eta_y}\, p_z^{\eta_p}, \quad
    y_z = \frac{Y_z/HH_z}{(N_z/HH_z)^{\zeta}}, \qquad
    \Delta\ln p = \lambda_p \ln\frac{D}{H(1-v^*)} + \lambda_m \Delta\ln p_{t-1}

    C = \min\bigl(H\,[\delta + s\,\varepsilon(g)\,g]_+,\;
        \delta H (1 + a r) + \text{land}\bigr), \quad g = \ln p - \ln k, \qquad
    H' = (1-\delta) H + C

Supply is kinked: the elasticity is that of a city that grows where price exceeds the cost of
building and next to nothing below it, so that a shrinking zone loses price, not stock. The
elasticities of the literature are those of a stock over about a decade; :math:`s` spreads them.
They are of the stock net of what is pulled down. Below cost, therefore, most of what is pulled
down, at the steady rate :math:`\delta`, is built again, on the sites it leaves: demolition stands
for replacement, and a house that nobody would replace is left standing and empties. Were nothing
built there, the stock would fall at the rate :math:`\delta` however durable houses are.

Income of a household is taken by equivalent person, so that the same people in more households
want more floor space; at :math:`\zeta = 0` and unit elasticity their number would not matter.
Taste :math:`q_z` and cost :math:`k_z` are inverted: floor space, price and vacancy of the base
year are those of the tables, and the stock grows at first as it did between the censuses.
Housing is bought with the earnings of residents, the stand-in for disposable income.

Sources: DiPasquale and Wheaton (1994); Glaeser and Gyourko (2005); Chow and Niu (2015).
"""

from dataclasses import dataclass

import numpy as np

from model.axes import Array, lift, ratio
from model.contract import Process
from model.parameters import Params, par
from model.processes.land import LandParams, buildable
from model.world import World


@dataclass(frozen=True)
class HousingParams(Params):
    """Demand, price adjustment and supply of floor space."""

    income_elasticity: float = par(
        1.0, unit="1", prior="Normal(1.0, 0.15)", low=0, high=3, id="H01",
        doc="income elasticity of housing demand", source="Chow and Niu 2015 Pac Econ Rev",
        evidence="seen",
    )  # fmt: skip
    price_elasticity: float = par(
        -1.0, unit="1", prior="Normal(-1.0, 0.2)", low=-3, high=-0.1, id="H02",
        doc="price elasticity of housing demand", source="Chow and Niu 2015: -1.1",
        evidence="seen",
    )  # fmt: skip
    household_economies: float = par(
        0.5, unit="1", prior="Normal(0.5, 0.15)", low=0, high=1,
        doc="exponent of household size in the number of equivalent persons",
        source="square-root equivalence scale of the OECD", evidence="recalled",
    )  # fmt: skip
    supply_elasticity: float = par(
        0.75, unit="1", prior="LogNormal(0.75, 0.35)", low=0.05, high=5, id="H03",
        doc="elasticity of the stock to price where price exceeds cost",
        source="study of 272 Chinese cities: 0.750 regulated, 1.086 not", evidence="seen",
    )  # fmt: skip
    decline_elasticity: float = par(
        0.05, unit="1", prior="HalfNormal(0.05)", low=0, high=0.5, id="H04",
        doc="elasticity of the stock to price where price is below cost: houses are durable",
        source="Glaeser and Gyourko 2005 JPE", evidence="recalled",
    )  # fmt: skip
    supply_speed: float = par(
        0.10, unit="1/yr", prior="LogNormal(0.10, 0.3)", low=0.02, high=0.5,
        doc="share of the elasticity that comes about in a year",
        source="judgement: estimates of the elasticity span about a decade", evidence="assumed",
    )  # fmt: skip
    price_adjustment: float = par(
        0.25, unit="1/yr", prior="Beta(5, 15)", low=0, high=1, id="H05",
        doc="share of the imbalance taken up by the price in a year",
        source="DiPasquale and Wheaton 1994", evidence="recalled",
    )  # fmt: skip
    price_momentum: float = par(
        0.3, unit="1", prior="Normal(0.3, 0.1)", low=0, high=0.8,
        doc="share of last year's price change that carries on", source="judgement",
        evidence="assumed",
    )  # fmt: skip
    price_limit: float = par(
        0.25, unit="log/yr", prior="Fixed(0.25)", low=0.05, high=1,
        doc="largest change of the log price in a year, met where nobody is left to live",
        source="judgement", evidence="assumed",
    )  # fmt: skip
    demolition: float = par(
        0.012, unit="1/yr", prior="LogNormal(0.012, 0.3)", low=0, high=0.1, id="H06",
        doc="share of floor space pulled down in a year", source="judgement", evidence="assumed",
    )  # fmt: skip
    natural_vacancy: float = par(
        0.13, unit="share", prior="Beta(13, 87)", low=0.01, high=0.5, id="H07",
        doc="vacancy at which the price rests; that of the base year",
        source="survey vacancy rates of 10 to 20 percent", evidence="recalled",
    )  # fmt: skip
    renewal_appeal: float = par(
        0.06, unit="1", prior="LogNormal(0.06, 0.5)", low=0, high=0.5,
        doc="how much more of a renewed house is wanted at the same price",
        source="capitalisation of renewal, 2 to 10 percent of prices nearby",
        evidence="recalled",
    )  # fmt: skip
    renewal_density: float = par(
        1.0, unit="1", prior="LogNormal(1.0, 0.4)", low=0, high=4,
        doc="floor space that renewed sites gain when rebuilt, over what stood there",
        source="judgement: six floors make way for twelve", evidence="assumed",
    )  # fmt: skip
    cost_growth: float = par(
        0.01, unit="1/yr", prior="Normal(0.01, 0.005)", low=-0.03, high=0.06,
        doc="real growth of the cost of building, which is largely labour", source="judgement",
        evidence="assumed",
    )  # fmt: skip


# -- equations ---------------------------------------------------------------------


def resident_income(commuters: Array, labour_income: Array, jobs: Array) -> Array:
    """Earnings of residents wherever they work: those of all zones are all labour income.

    Parameters
    ----------
    commuters : (draw, zone, to_zone) [persons]
    labour_income : (draw, zone) [1e8 yuan of 2020]
        Paid at the place of work.
    jobs : (draw, zone) [persons]

    Returns
    -------
    (draw, zone) [1e8 yuan of 2020]

    Examples
    --------
    >>> home = np.array([[[2.0, 1.0], [0.0, 3.0]]])
    >>> resident_income(home, np.array([[4.0, 4.0]]), np.array([[2.0, 4.0]])).tolist()
    [[5.0, 3.0]]
    """
    return np.matmul(commuters, ratio(labour_income, jobs)[:, :, None])[:, :, 0]


def floor_space_demand(
    taste: Array, households: Array, people: Array, income: Array, price: Array, p: HousingParams
) -> Array:
    """Floor space that households want at a price.

    Parameters
    ----------
    taste : (draw, zone) [m2]
    households : (draw, zone) [1]
    people : (draw, zone) [persons]
    income : (draw, zone) [1e8 yuan of 2020]
        Of all households of a zone.
    price : (draw, zone) [yuan of 2020/m2]
    p : HousingParams

    Returns
    -------
    (draw, zone) [m2]
        Zero where there is no household or no income.

    Examples
    --------
    >>> one = np.ones((1, 1))
    >>> floor_space_demand(80 * one, 10 * one, 40 * one, 40 * one, 2 * one, HousingParams())
    array([[800.]])
    """
    persons = ratio(people, households, 1.0) ** lift(p.household_economies, 1)
    each = ratio(income, households) / np.where(persons > 0, persons, 1.0)
    wanted = taste * households * each ** lift(p.income_elasticity, 1)
    return wanted * price ** lift(p.price_elasticity, 1)


def price_change(demand: Array, stock: Array, before: Array, p: HousingParams) -> Array:
    """Log change of the price over a year, from the imbalance and last year's change.

    Parameters
    ----------
    demand, stock : (draw, zone) [m2]
    before : (draw, zone) [log/yr]
    p : HousingParams

    Returns
    -------
    (draw, zone) [log/yr]
        Within the limit; a zone where nobody is left falls by the limit, one without houses
        keeps its price.

    Examples
    --------
    >>> stock = np.array([[100.0, 100.0, 0.0]])
    >>> change = price_change(np.array([[87.0, 0.0, 0.0]]), stock, stock * 0, HousingParams())
    >>> change.round(9).tolist()
    [[0.0, -0.25, 0.0]]
    """
    lived_in = (demand > 0) & (stock > 0)
    rest = stock * (1 - lift(p.natural_vacancy, 1))
    imbalance = np.log(np.where(lived_in, demand, 1.0) / np.where(lived_in, rest, 1.0))
    change = lift(p.price_adjustment, 1) * imbalance + lift(p.price_momentum, 1) * before
    limit = lift(p.price_limit, 1)
    change = np.where(lived_in, change, np.where(stock > 0, -limit, 0.0))
    return np.clip(change, -limit, limit)


def stock_growth(margin: Array, freedom: Array, p: HousingParams) -> Array:
    """Growth of the stock that the market wants, kinked where price meets cost.

    Parameters
    ----------
    margin : (draw, zone) [log]
        Price over cost.
    freedom : (draw, zone) [log]
        Land supply by policy, scaling the response of a growing zone.
    p : HousingParams

    Returns
    -------
    (draw, zone) [1/yr]

    Examples
    --------
    >>> margin = np.array([[0.4, -0.4]])
    >>> stock_growth(margin, margin * 0, HousingParams()).round(6).tolist()
    [[0.03, -0.002]]
    """
    up = lift(p.supply_elasticity, 1) * np.exp(freedom)
    slope = np.where(margin > 0, up, lift(p.decline_elasticity, 1))
    return lift(p.supply_speed, 1) * slope * margin


def building_cost(price: Array, growth: Array, p: HousingParams) -> Array:
    """Cost of building at which the stock grows as it did: the inverse of the supply curve.

    Parameters
    ----------
    price : (draw, zone) [yuan of 2020/m2]
    growth : (draw, zone) [1/yr]
        Of the stock; where it did not grow, price is taken to be at cost.
    p : HousingParams

    Returns
    -------
    (draw, zone) [yuan of 2020/m2]

    Examples
    --------
    >>> building_cost(np.array([[5000.0]]), np.array([[0.03]]), HousingParams()).round(1).tolist()
    [[3351.6]]
    """
    slope = lift(p.supply_speed, 1) * lift(p.supply_elasticity, 1)
    return price * np.exp(-np.maximum(growth, 0.0) / slope)


# -- action ------------------------------------------------------------------------


def act(world: World, p: HousingParams) -> None:
    """Income and households make demand; the price answers; builders answer the price."""
    jobs, paid = world["jobs"].sum(axis=1), world["labour_income"].sum(axis=1)
    income = resident_income(world["commuters"], paid, jobs)
    stock, homes = world["housing_floor_space"], world["households"]
    people = world["population"]
    wanted = floor_space_demand(
        taste_of(world, p), homes, people, income, world["housing_price"], p
    )
    change = price_change(wanted, stock, world["housing_price_change"], p)
    world["household_income"], world["housing_price_change"] = income, change
    world["housing_price"] = world["housing_price"] * np.exp(change)
    build(world, p)
    record_use(world, p)


def taste_of(world: World, p: HousingParams) -> Array:
    """Floor space wanted at unit income and price, renewed houses being wanted more."""
    renewed = 1 + lift(p.renewal_appeal, 1) * world["policy_renewal"]
    return world.fixed["housing_taste"] * renewed


def build(world: World, p: HousingParams) -> None:
    """Construction under the land there is, demolition, and the stock at the end of the year."""
    stock, price = world["housing_floor_space"], world["housing_price"]
    growth = np.exp(lift(p.cost_growth, 1) * world.elapsed + world["policy_housing_cost"])
    cost = world.fixed["building_cost"] * growth
    gone = stock * lift(p.demolition, 1)
    wanted = gone + stock * stock_growth(np.log(price / cost), world["policy_land_supply"], p)
    land: LandParams = world.params["land"]
    own_sites = gone * (1 + lift(p.renewal_density, 1) * world["policy_renewal"])
    built = np.clip(wanted, 0.0, own_sites + buildable(world["land_available"], land))
    world["building_cost"], world["demolition"] = cost, gone
    world["construction"] = built
    world["floor_space_on_new_sites"] = np.maximum(built - own_sites, 0.0)
    world["housing_floor_space"] = stock - gone + built


def record_use(world: World, p: HousingParams) -> None:
    """Who lives in it at the new price: vacancy, value, and the price against the base year."""
    stock, price = world["housing_floor_space"], world["housing_price"]
    income, homes = world["household_income"], world["households"]
    people = world["population"]
    wanted = floor_space_demand(taste_of(world, p), homes, people, income, price, p)
    # No more can be lived in than there is.
    used = np.minimum(wanted, stock)
    world["occupied_floor_space"] = used
    world["vacancy_rate"] = 1 - ratio(used, stock, 1.0)
    world["housing_value"] = used * price / 1e8
    world["relative_housing_price"] = price / world.fixed["base_housing_price"]


HOUSING = Process(
    "housing",
    reads=(
        "households",
        "population",
        "commuters",
        "labour_income",
        "jobs",
        "land_available",
        "policy_housing_cost",
        "policy_land_supply",
        "policy_renewal",
    ),
    remembers=("housing_floor_space", "housing_price", "housing_price_change"),
    writes=(
        "household_income",
        "housing_price",
        "housing_price_change",
        "relative_housing_price",
        "building_cost",
        "construction",
        "demolition",
        "floor_space_on_new_sites",
        "housing_floor_space",
        "occupied_floor_space",
        "vacancy_rate",
        "housing_value",
    ),
    act=act,
    params=HousingParams,
    about="demand by households and income, price, kinked supply, vacancy",
)
