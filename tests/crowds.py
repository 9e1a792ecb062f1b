"""Random agents for the tests of compiled passes, and their luck from the streams."""

import numpy as np

from model import streams
from model.engines import resident_kernels as kernels
from model.engines.resident_dice import EVENTS, throw
from model.engines.resident_kernels import CELL, NOBODY, unpack
from model.engines.resident_tables import odds_of
from tests.twins import hashed_uniforms

ZONES, YEAR = 4, 2031


class Crowd:
    """Random agents, free rows among them, and their luck from the streams."""

    def __init__(self, seed, rows, places=ZONES):
        self.rng = np.random.default_rng(seed)
        self.seed = seed
        self.zone = self.rng.integers(0, places, rows).astype(np.uint8)
        self.age = self.rng.integers(0, 101, rows).astype(np.uint8)
        self.age[self.rng.random(rows) < 0.1] = NOBODY
        self.trait = self.rng.integers(0, 24, rows).astype(np.uint8)
        self.key = self.rng.integers(0, 2**63, rows).astype(np.uint64)
        self.dice = np.empty((len(EVENTS), rows), dtype=np.uint8)
        throw(self.key, self.salt("dice"), self.dice, 0)
        self.there = self.age != NOBODY
        self.years = np.where(self.there, self.age, 0)
        self.hukou, self.education, self.sex = unpack(self.trait.astype(int))

    def luck(self, name):
        return hashed_uniforms(self.seed, name, self.key, YEAR)

    def event_luck(self, event):
        """Of an event: its die, and the rest from a hash of its own."""
        words = streams.mixed(self.key ^ self.salt("dice"))
        die = (words >> np.uint64(8 * EVENTS.index(event))) & np.uint64(255)
        return (die.astype(float) + self.luck(event)) / 256

    def columns(self, event):
        return self.zone, self.trait, self.age, self.key, self.dice[EVENTS.index(event)]

    def salt(self, name):
        return streams.salt(self.seed, name, YEAR)

    def struck(self, chance, name="leaving"):
        odds = odds_of(chance, ZONES)
        rows, cells = kernels.struck(*self.columns(name), self.salt(name), odds)
        np.testing.assert_array_equal(cells, self.cells()[rows])
        return rows

    def cells(self):
        """Number of the cell of everybody."""
        return (self.zone.astype(int) * 24 + self.trait) * kernels.STRIDE + self.years

    def chance(self, table):
        """Of every agent, in numpy."""
        whole = np.broadcast_to(table, (ZONES, *CELL))
        return whole[self.zone, self.hukou, self.education, self.sex, self.years]
