"""The same events for the engine and its peers: plain numpy columns, Mesa objects."""

import numpy as np

from model.axes import EDUCATION, FEMALE, OLDEST
from model.engines.residents import Residents
from model.engines.whole_people import whole_people
from model.processes.participation import shifted_participation


def make(kind: str, people, zones: int, scale: int):
    """A population of a kind, from the same whole people."""
    if kind == "this engine":
        return Residents(people, zones, scale, seed=1)
    return {"plain numpy": Columns, "Mesa objects": Objects}[kind](people, zones, scale)


def rows(population) -> int:
    """Agents at the start."""
    return population.rows if isinstance(population, Residents) else len(population.age)


def taking_part(table):
    """(zone, education, sex, age) [1] chance of offering work."""
    return shifted_participation(table.odds, table.shift)[0]


def held(population) -> float:
    """Bytes of the columns of the agents, the luck of the year among them."""
    columns = list(population.arrays().values())
    if isinstance(population, Residents):
        columns.append(population.dice)
    return float(sum(column.nbytes for column in columns))


def count(population) -> None:
    """The head count that ends a year."""
    if isinstance(population, Residents):
        population.schooled()
    else:
        cells = (population.zone.astype(np.int64) * 2 + population.sex) * 101 + population.age
        np.bincount(cells)


class Columns:
    """Struct of arrays in numpy, luck from one serial generator; zones only."""

    def __init__(self, people, zones: int, scale: int) -> None:
        residents, _ = whole_people(people, zones, scale)
        index = np.nonzero(residents)
        cells = np.repeat(np.stack(index), residents[index], axis=1).astype(np.int16)
        self.zone, self.hukou, self.education, self.sex, self.age = cells
        self.zones, self.luck = zones, np.random.default_rng(1)
        self.newborn = []

    def arrays(self):
        """Columns by name."""
        return {name: getattr(self, name) for name in ("zone", "hukou", "education", "sex", "age")}

    def begin_year(self, year: int) -> None:
        """Nothing to do."""

    def _draw(self, chance):
        return self.luck.random(len(chance)) < chance

    def work(self, table) -> None:
        """Participation, workplace, sector."""
        part = taking_part(table)[self.zone, self.education, self.sex, self.age]
        active = np.flatnonzero(self._draw(part))
        home = self.zone[active]
        goal = self._pick(np.cumsum(table.workplace[0], axis=1), home)
        employed = goal < self.zones
        kind = self._pick(np.cumsum(table.sector[0], axis=1), goal[employed])
        np.bincount(home[employed].astype(np.int64) * self.zones + goal[employed])
        np.bincount(kind)

    def _pick(self, cumulated, row):
        luck, picked = self.luck.random(len(row)), np.empty(len(row), dtype=np.int64)
        order = np.argsort(row, kind="stable")
        bounds = np.searchsorted(row[order], np.arange(len(cumulated) + 1))
        for which, shares in enumerate(cumulated):
            members = order[bounds[which] : bounds[which + 1]]
            picked[members] = np.searchsorted(shares, luck[members], side="right")
        return picked

    def bear(self, level, rates, name: str) -> None:
        """Births."""
        women = np.flatnonzero((self.sex == FEMALE) & (self.age >= 15) & (self.age < 50))
        chance = rates[0][self.education[women], self.age[women]] * level[0][self.zone[women]]
        self.newborn.append(women[self._draw(chance)])

    def die(self, surviving) -> None:
        """Deaths and ageing."""
        table = np.broadcast_to(surviving[0], (self.zones, *surviving.shape[2:]))
        lives = self._draw(table[self.zone, self.sex, self.age])
        self._keep(lives)
        self.age = np.minimum(self.age + 1, OLDEST)

    def _keep(self, rows) -> None:
        for name, column in self.arrays().items():
            setattr(self, name, column[rows])

    def learn(self, entering) -> None:
        """Schooling."""
        up = self._draw(entering[0][self.education, self.sex, self.age])
        self.education = self.education + (up & (self.education < len(EDUCATION) - 1))

    def register(self, chance) -> None:
        """Conversions."""
        self.hukou = np.where(self._draw(chance[0][self.zone, self.hukou]), 0, self.hukou)

    def relocate(self, table) -> None:
        """Moves among zones; those who leave are replaced one by one."""
        group = table.group[self.hukou, self.education, self.age]
        movers = np.flatnonzero(self._draw(table.leave[0][self.zone, group, self.age]))
        shares = np.cumsum(table.destination[0][:, : self.zones, : self.zones], axis=2)
        shares = (shares / shares[:, :, -1:]).reshape(-1, self.zones)
        row = group[movers].astype(np.int64) * self.zones + self.zone[movers]
        self.zone[movers] = np.minimum(self._pick(shares, row), self.zones - 1)

    def settle_newborns(self, boys, surviving) -> None:
        """Newborns join: as many as died leave memory as it was."""
        born = sum(len(mothers) for mothers in self.newborn)
        mothers = self.luck.integers(0, len(self.age), born)
        for name, column in self.arrays().items():
            new = column[mothers] if name in ("zone", "hukou") else np.zeros(born, column.dtype)
            setattr(self, name, np.concatenate([column, new]))
        self.newborn = []


class Objects(Columns):
    """One Mesa agent a person; each verb asks every agent in turn."""

    def __init__(self, people, zones: int, scale: int) -> None:
        import mesa

        super().__init__(people, zones, scale)

        class Person(mesa.Agent):
            def __init__(self, model, traits):
                super().__init__(model)
                self.zone, self.hukou, self.education, self.sex, self.age = traits

        self.model = mesa.Model(rng=1)
        columns = [column.tolist() for column in self.arrays().values()]
        for traits in zip(*columns, strict=True):
            Person(self.model, traits)
        self.random = self.model.random.random
        self.births = 0
        self.person = Person

    def work(self, table) -> None:
        """Participation, workplace, sector."""
        part = taking_part(table)
        places, sectors = np.cumsum(table.workplace[0], 1), np.cumsum(table.sector[0], 1)
        for agent in self.model.agents:
            if self.random() < part[agent.zone, agent.education, agent.sex, agent.age]:
                goal = int(np.searchsorted(places[agent.zone], self.random(), side="right"))
                if goal < self.zones:
                    np.searchsorted(sectors[goal], self.random(), side="right")

    def bear(self, level, rates, name: str) -> None:
        """Births."""
        for agent in self.model.agents:
            if agent.sex == FEMALE and 15 <= agent.age < 50:
                chance = level[0, agent.zone] * rates[0, agent.education, agent.age]
                self.births += self.random() < chance

    def die(self, surviving) -> None:
        """Deaths and ageing."""
        for agent in list(self.model.agents):
            if self.random() < surviving[0, 0, agent.sex, agent.age]:
                agent.age = min(agent.age + 1, OLDEST)
            else:
                agent.remove()

    def learn(self, entering) -> None:
        """Schooling."""
        for agent in self.model.agents:
            chance = entering[0, agent.education, agent.sex, agent.age]
            if chance and self.random() < chance:
                agent.education += 1

    def register(self, chance) -> None:
        """Conversions."""
        for agent in self.model.agents:
            if agent.hukou and self.random() < chance[0, agent.zone, agent.hukou]:
                agent.hukou = 0

    def relocate(self, table) -> None:
        """Moves."""
        shares = np.cumsum(table.destination[0][:, : self.zones, : self.zones], axis=2)
        for agent in self.model.agents:
            group = table.group[agent.hukou, agent.education, agent.age]
            if self.random() < table.leave[0, agent.zone, group, agent.age]:
                row = shares[group, agent.zone]
                goal = int(np.searchsorted(row, self.random() * row[-1], side="right"))
                agent.zone = min(goal, self.zones - 1)

    def settle_newborns(self, boys, surviving) -> None:
        """Newborns join."""
        for _ in range(self.births):
            self.person(self.model, (0, 0, 0, int(self.random() < 0.5), 0))
        self.births = 0
