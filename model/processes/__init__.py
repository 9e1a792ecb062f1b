"""The processes, and the year: one visible tuple, in the order in which things happen."""

from model.contract import Process, check_schedule
from model.parameters import Params
from model.processes.accessibility import ACCESSIBILITY
from model.processes.census import HEAD_COUNT
from model.processes.commuting import CommutingParams
from model.processes.congestion import CongestionParams
from model.processes.demography import FERTILITY_LEVEL, MORTALITY, DemographyParams
from model.processes.education import SCHOOLING
from model.processes.environment import ENVIRONMENT, EnvironmentParams
from model.processes.farming import FarmingParams
from model.processes.fertility import BIRTHS, FERTILITY
from model.processes.firm_dynamics import FirmParams
from model.processes.firm_siting import SitingParams
from model.processes.firms import FIRMS
from model.processes.fiscal import FISCAL, FiscalParams
from model.processes.households import HOUSEHOLDS, HouseholdParams
from model.processes.housing import HOUSING, HousingParams
from model.processes.human_capital import HUMAN_CAPITAL, HumanCapitalParams
from model.processes.industry import CAPITAL, OUTPUT, IndustryParams
from model.processes.innovation import INNOVATION, InnovationParams
from model.processes.labour import DEMAND, LABOUR, WAGES, LabourParams
from model.processes.ladder import LadderParams
from model.processes.land import LAND, LAND_SUPPLY, LandParams
from model.processes.linkages import LINKAGES, LinkageParams
from model.processes.matching import MatchingParams
from model.processes.migration import MIGRATION, MigrationParams
from model.processes.mobility import MobilityParams
from model.processes.modes import ModeParams
from model.processes.participation import LABOUR_FORCE, ParticipationParams
from model.processes.policy import POLICY, PolicyParams
from model.processes.productivity import PRODUCTIVITY, ProductivityParams
from model.processes.reach import REACH
from model.processes.registration import CONVERSION, REGISTRATION, RegistrationParams
from model.processes.speeds import AccessibilityParams, FareParams
from model.processes.urbanisation import URBANISATION, UrbanisationParams

SCHEDULE: tuple[Process, ...] = (
    POLICY,
    ACCESSIBILITY,
    CAPITAL,
    LINKAGES,
    LABOUR_FORCE,
    HUMAN_CAPITAL,
    PRODUCTIVITY,
    WAGES,
    DEMAND,
    FIRMS,
    LABOUR,
    REACH,
    OUTPUT,
    FISCAL,
    FERTILITY_LEVEL,
    FERTILITY,
    MORTALITY,
    SCHOOLING,
    CONVERSION,
    MIGRATION,
    BIRTHS,
    REGISTRATION,
    HEAD_COUNT,
    HOUSEHOLDS,
    URBANISATION,
    LAND_SUPPLY,
    HOUSING,
    LAND,
    INNOVATION,
    ENVIRONMENT,
)

PARAMETERS: dict[str, type[Params]] = {
    "demography": DemographyParams,
    "participation": ParticipationParams,
    "migration": MigrationParams,
    "mobility": MobilityParams,
    "registration": RegistrationParams,
    "households": HouseholdParams,
    "urbanisation": UrbanisationParams,
    "housing": HousingParams,
    "land": LandParams,
    "innovation": InnovationParams,
    "environment": EnvironmentParams,
    "accessibility": AccessibilityParams,
    "fares": FareParams,
    "modes": ModeParams,
    "commuting": CommutingParams,
    "congestion": CongestionParams,
    "matching": MatchingParams,
    "labour": LabourParams,
    "farming": FarmingParams,
    "industry": IndustryParams,
    "productivity": ProductivityParams,
    "human_capital": HumanCapitalParams,
    "linkages": LinkageParams,
    "firms": FirmParams,
    "siting": SitingParams,
    "ladder": LadderParams,
    "fiscal": FiscalParams,
    "policy": PolicyParams,
}

check_schedule(SCHEDULE)
