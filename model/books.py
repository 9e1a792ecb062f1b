"""The books of governments: what each knows when it closes its year, and how it closes it."""

from typing import NamedTuple

from model.axes import Array


class Books(NamedTuple):
    """What a government knows when it closes its year, each (draw, city) [1e8 yuan of 2020].

    ``policy_ceiling`` is that of debt with the bonds of the package: ``ceiling``, or none where
    the package has no limit.
    """

    receipts: Array
    policy_spending: Array
    policy_budget: Array
    need: Array
    debt: Array
    ceiling: Array
    policy_ceiling: Array


class Account(NamedTuple):
    """The closed year of a government, each (draw, city) [1e8 yuan of 2020]."""

    borrowing: Array
    other_spending: Array
    unmet_spending: Array
    debt: Array
    borrowing_room: Array
