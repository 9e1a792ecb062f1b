"""What the README says can be typed is true."""

import re
import subprocess
import sys

import pytest

from tests.worlds import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_two_commands_come_first():
    assert README.index("make demo") < README.index("make test") < README.index("## ")


def test_every_command_named_is_there():
    sys.path.insert(0, str(ROOT))
    import run

    there = {info.name for info in run.app.registered_commands}
    table = README[README.index("| command |") : README.index("Data go to stdout")]
    assert set(re.findall(r"^\| `([a-z]+)", table, re.M)) == there
    assert set(re.findall(r"run\.py ([a-z]+)", README)) <= there


@pytest.mark.slow
def test_the_example_plots(tmp_path):
    (example,) = re.findall(r"```python\n(.*?)```", README, re.S)
    script = tmp_path / "example.py"
    script.write_text(f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{example}", encoding="utf-8")
    done = subprocess.run([sys.executable, script], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "metro" in done.stdout
    assert (tmp_path / "population.png").stat().st_size > 10_000
