"""The processes, and the year: one visible tuple, in the order in which things happen."""

from model.contract import Process, check_schedule
from model.parameters import Params
from model.processes.accessibility import ACCESSIBILITY, AccessibilityParams
from model.processes.commuting import CommutingParams
from model.processes.demography import BIRTHS, FERTILITY, MORTALITY, DemographyParams
from model.processes.firm_dynamics import FirmParams
from model.processes.firm_siting import SitingParams
from model.processes.firms import FIRMS
from model.processes.fiscal import FISCAL, FiscalParams
from model.processes.industry import CAPITAL, OUTPUT, PRODUCTIVITY, IndustryParams
from model.processes.labour import DEMAND, LABOUR, WAGES, LabourParams
from model.processes.ladder import LadderParams
from model.processes.matching import MatchingParams
from model.processes.migration import MIGRATION, MigrationParams
from model.processes.participation import LABOUR_FORCE
from model.processes.policy import POLICY, PolicyParams

SCHEDULE: tuple[Process, ...] = (
    POLICY,
    ACCESSIBILITY,
    CAPITAL,
    PRODUCTIVITY,
    LABOUR_FORCE,
    WAGES,
    DEMAND,
    FIRMS,
    LABOUR,
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
    "commuting": CommutingParams,
    "matching": MatchingParams,
    "labour": LabourParams,
    "industry": IndustryParams,
    "firms": FirmParams,
    "siting": SitingParams,
    "ladder": LadderParams,
    "fiscal": FiscalParams,
    "policy": PolicyParams,
}

check_schedule(SCHEDULE)
