"""The processes, and the year: one visible tuple, in the order in which things happen."""

from model.contract import Process, check_schedule
from model.parameters import Params
from model.processes.accessibility import ACCESSIBILITY, AccessibilityParams
from model.processes.commuting import CommutingParams
from model.processes.demography import BIRTHS, FERTILITY, MORTALITY, DemographyParams
from model.processes.environment import ENVIRONMENT, EnvironmentParams
from model.processes.fiscal import FISCAL, FiscalParams
from model.processes.households import HOUSEHOLDS, HouseholdsParams
from model.processes.housing import HOUSING, HousingParams
from model.processes.industry import CAPITAL, OUTPUT, PRODUCTIVITY, IndustryParams
from model.processes.innovation import INNOVATION, InnovationParams
from model.processes.labour import LABOUR, WAGES, LabourParams
from model.processes.land import LAND, LAND_SUPPLY, LandParams
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
    LABOUR,
    OUTPUT,
    FISCAL,
    FERTILITY,
    MORTALITY,
    MIGRATION,
    BIRTHS,
    HOUSEHOLDS,
    LAND_SUPPLY,
    HOUSING,
    LAND,
    INNOVATION,
    ENVIRONMENT,
)

PARAMETERS: dict[str, type[Params]] = {
    "demography": DemographyParams,
    "migration": MigrationParams,
    "households": HouseholdsParams,
    "housing": HousingParams,
    "land": LandParams,
    "innovation": InnovationParams,
    "environment": EnvironmentParams,
    "accessibility": AccessibilityParams,
    "commuting": CommutingParams,
    "matching": MatchingParams,
    "labour": LabourParams,
    "industry": IndustryParams,
    "fiscal": FiscalParams,
    "policy": PolicyParams,
}

check_schedule(SCHEDULE)
