"""Move the frozen baseline, with a line in the changelog.

Run as ``python -m tests.regression.update_baseline``; nothing else may touch ``baseline.json``.
"""

import json
from pathlib import Path

from model import simulate
from model.area_loading import load_area
from model.axes import total

BASELINE = Path(__file__).with_name("baseline.json")
YEAR = 2035


def headlines() -> dict[str, dict[str, float]]:
    """Population and real output by city in the central draw of the trend."""
    area = load_area("shenyang")
    result = simulate("trend", end=YEAR).sel(year=YEAR).isel(draw=0)
    return {
        name: dict(zip(area.cities, total(result[name].values, area.in_city).tolist(), strict=True))
        for name in ("population", "gdp_real")
    }


if __name__ == "__main__":
    BASELINE.write_text(json.dumps(headlines(), indent=2) + "\n", encoding="utf-8")
    print(f"moved {BASELINE.name}: add a Results line to CHANGELOG.md with old and new numbers")
