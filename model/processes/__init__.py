"""The processes, and the year: one visible tuple, in the order in which things happen."""

from model.contract import Process, check_schedule
from model.parameters import Params
from model.processes.accessibility import ACCESSIBILITY
from model.processes.commuting import CommutingParams
from model.processes.congestion import CongestionParams
from model.processes.demography import BIRTHS, FERTILITY, MORTALITY, DemographyParams
from model.processes.fiscal import FISCAL, FiscalParams
from model.processes.industry import CAPITAL, OUTPUT, PRODUCTIVITY, IndustryParams
from model.processes.labour import LABOUR, WAGES, LabourParams
from model.processes.matching import MatchingParams
from model.processes.migration import MIGRATION, MigrationParams
from model.processes.modes import ModeParams
from model.processes.participation import LABOUR_FORCE
from model.processes.policy import POLICY, PolicyParams
from model.processes.reach import REACH
from model.processes.speeds import AccessibilityParams, FareParams

SCHEDULE: tuple[Process, ...] = (
    POLICY,
    ACCESSIBILITY,
    CAPITAL,
    PRODUCTIVITY,
    LABOUR_FORCE,
    WAGES,
    LABOUR,
    REACH,
    OUTPUT,
    FISCAL,
    FERTILITY,
    MORTALITY,
    MIGRATION,
    BIRTHS,
)

PARAMETERS: dict[str, type[Params]] = {
    "demography": DemographyParams,
    "migration": MigrationParams,
    "accessibility": AccessibilityParams,
    "fares": FareParams,
    "modes": ModeParams,
    "commuting": CommutingParams,
    "congestion": CongestionParams,
    "matching": MatchingParams,
    "labour": LabourParams,
    "industry": IndustryParams,
    "fiscal": FiscalParams,
    "policy": PolicyParams,
}

check_schedule(SCHEDULE)
