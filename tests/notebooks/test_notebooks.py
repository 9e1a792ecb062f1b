"""Every notebook runs from top to bottom, in the Python of the tests, and keeps no output."""

import sys
from pathlib import Path

import nbformat
import pytest

from tests.worlds import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def opened(path):
    return nbformat.read(path, as_version=4)


def test_there_are_notebooks():
    assert NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_stores_no_output(path):
    cells = [cell for cell in opened(path).cells if cell.cell_type == "code"]
    assert cells
    assert not any(cell.outputs or cell.execution_count for cell in cells)


@pytest.mark.notebook
@pytest.mark.slow
# nbclient's own loops warn in ways that are not ours; the kernel keeps warnings as warnings
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_runs(path, tmp_path, monkeypatch):
    from jupyter_client import AsyncKernelManager
    from jupyter_client.kernelspec import KernelSpec
    from nbclient import NotebookClient

    for name in ("JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    monkeypatch.setenv("MPLBACKEND", "Agg")
    monkeypatch.delenv("PYTHONWARNINGS", raising=False)

    class ThisPython(AsyncKernelManager):
        """Kernel of this very Python, not whatever is installed on the machine."""

        @property
        def kernel_spec(self):
            command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
            return KernelSpec(argv=command, display_name="tests", language="python")

    client = NotebookClient(opened(path), kernel_manager_class=ThisPython, timeout=120)
    client.execute(cwd=str(Path(path).parent))
    cells = [cell for cell in client.nb.cells if cell.cell_type == "code"]
    outputs = [output for cell in cells for output in cell.outputs]
    assert not [output for output in outputs if output.output_type == "error"]
    figures = sum("figure(" in cell.source for cell in cells)
    assert sum("image/png" in output.get("data", {}) for output in outputs) == figures
