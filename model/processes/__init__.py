"""The processes, and the year: one visible tuple, in the order in which things happen."""

from model.contract import Process, check_schedule
from model.parameters import Params
from model.processes.accessibility import ACCESSIBILITY, AccessibilityParams
from model.processes.commuting import CommutingParams
from model.processes.demography import BIRTHS, FERTILITY, MORTALITY, DemographyParams
from model.processes.fiscal import FISCAL, FiscalParams
from model.processes.industry import CAPITAL, OUTPUT, IndustryParams
from model.processes.labour import LABOUR, WAGES, LabourParams
from model.processes.linkages import LINKAGES, LinkageParams
from model.processes.matching import MatchingParams
from model.processes.migration import MIGRATION, MigrationParams
from model.processes.participation import LABOUR_FORCE
from model.processes.policy import POLICY, PolicyParams
from model.processes.productivity import PRODUCTIVITY, ProductivityParams

SCHEDULE: tuple[Process, ...] = (
    POLICY,
    ACCESSIBILITY,
    CAPITAL,
    LINKAGES,
    PRODUCTIVITY,
    LABOUR_FORCE,
    WAGES,
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
    "productivity": ProductivityParams,
    "linkages": LinkageParams,
    "fiscal": FiscalParams,
    "policy": PolicyParams,
}

check_schedule(SCHEDULE)
