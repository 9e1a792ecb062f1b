import shutil

import numpy as np
import pytest
import xarray as xr

import outputs.files
import outputs.store
from model import rebuild
from model.problems import ProblemsError
from outputs.store import default_path, open_results, save_results, save_run


@pytest.fixture
def single(tiny_ensemble):
    return tiny_ensemble.isel(scenario=1, drop=True)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("suffix", [".nc", ".zarr"])
@pytest.mark.parametrize("many", [True, False])
def test_what_is_saved_comes_back_bit_for_bit(tmp_path, tiny_ensemble, single, suffix, many):
    ds = tiny_ensemble if many else single
    path = save_results(ds, tmp_path / "a folder" / f"run{suffix}")
    back = open_results(path)
    xr.testing.assert_identical(back, ds)
    assert all(type(back.attrs[key]) is type(value) for key, value in ds.attrs.items())
    assert names(path.parent) == [path.name]
    shutil.rmtree(path.parent)
    assert float(back["population"].sum()) > 0  # read whole, not lazily


def test_a_saved_run_can_be_run_again_bit_for_bit(tmp_path, tiny_ensemble):
    back = open_results(save_results(tiny_ensemble, tmp_path / "run.zarr"))
    xr.testing.assert_equal(rebuild(back), tiny_ensemble)


def test_the_same_run_is_left_alone_and_another_one_refused(tmp_path, tiny_ensemble):
    first = save_run(tiny_ensemble, tmp_path)
    again = save_run(tiny_ensemble, tmp_path)
    assert (first.written, again.written) == (True, False)
    assert first.path == again.path == default_path(tiny_ensemble, tmp_path)
    changed = tiny_ensemble.copy(deep=True)
    changed["population"][0, 0, 0, 0] += 1e-9 * float(changed["population"][0, 0, 0, 0])
    with pytest.raises(ProblemsError, match="another result of the same run"):
        save_run(changed, tmp_path)
    assert save_run(changed, tmp_path, overwrite=True).written
    assert open_results(first.path).equals(changed)


def test_default_names_tell_runs_apart(tiny_ensemble, single):
    path = default_path(tiny_ensemble)
    assert path.name.startswith("trend+plan_realistic-mean-4d-seed0-")
    assert path.suffix == ".zarr"
    assert default_path(single).suffix == ".nc"
    other = tiny_ensemble.assign_attrs(scenario_yaml="something else")
    assert default_path(other).stem != path.stem
    long = tiny_ensemble.assign_attrs(scenario_names="\n".join(["沈抚一体化方案"] * 40))
    assert len(default_path(long).name.encode()) < 255


@pytest.mark.parametrize("suffix", [".nc", ".zarr"])
def test_nothing_is_overwritten_unasked(tmp_path, single, suffix):
    path = save_results(single, tmp_path / f"run{suffix}")
    changed = single.assign_attrs(title="another")
    with pytest.raises(ProblemsError, match="already there"):
        save_results(changed, path)
    assert open_results(path).attrs["title"] != "another"
    save_results(changed, path, overwrite=True)
    assert open_results(path).attrs["title"] == "another"
    assert names(tmp_path) == [path.name]


@pytest.mark.parametrize("suffix", [".nc", ".zarr"])
@pytest.mark.parametrize("error", [OSError("disk full"), KeyboardInterrupt()])
def test_a_broken_write_leaves_nothing(tmp_path, single, monkeypatch, suffix, error):
    def broken(ds, path):
        path.mkdir() if suffix == ".zarr" else path.write_bytes(b"half")
        raise error

    kind = "netcdf" if suffix == ".nc" else "zarr"
    monkeypatch.setattr(outputs.store, f"_write_{kind}", broken)
    expected = ProblemsError if isinstance(error, OSError) else KeyboardInterrupt
    with pytest.raises(expected):
        save_results(single, tmp_path / f"run{suffix}")
    assert names(tmp_path) == []


def test_a_broken_overwrite_keeps_the_old(tmp_path, single, monkeypatch):
    path = save_results(single, tmp_path / "run.nc")

    def broken(ds, beside):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(outputs.store, "_write_netcdf", broken)
    with pytest.raises(ProblemsError, match="No space left"):
        save_results(single, path, overwrite=True)
    xr.testing.assert_identical(open_results(path), single)


def test_a_folder_that_is_a_file_is_refused(tmp_path, single):
    (tmp_path / "file").write_text("x")
    with pytest.raises(ProblemsError, match="cannot be written"):
        save_results(single, tmp_path / "file" / "run.nc")


def test_foreign_files_are_refused(tmp_path, single):
    with pytest.raises(ProblemsError, match="no such result"):
        open_results(tmp_path / "none.nc")
    save_results(single, tmp_path / "trend.nc")
    with pytest.raises(ProblemsError, match=r"did you mean trend\.nc"):
        open_results(tmp_path / "trendd.nc")
    (tmp_path / "text.nc").write_text("not netCDF")
    (tmp_path / "empty.zarr").mkdir()
    for name in ("text.nc", "empty.zarr"):
        with pytest.raises(ProblemsError, match="cannot be read"):
            open_results(tmp_path / name)
    xr.Dataset({"a": ("x", np.ones(2))}).to_netcdf(tmp_path / "foreign.nc")
    with pytest.raises(ProblemsError, match="not a result of this simulator"):
        open_results(tmp_path / "foreign.nc")
    with pytest.raises(ProblemsError, match="ends in"):
        open_results(tmp_path)
    with pytest.raises(ProblemsError, match="ends in"):
        save_results(single, tmp_path / "run.csv")


def test_another_version_is_warned_of(tmp_path, single):
    old = single.assign_attrs(code_version="0.0.1")
    path = save_results(old, tmp_path / "old.nc")
    with pytest.warns(UserWarning, match=r"made by version 0\.0\.1"):
        open_results(path)


def test_a_full_disk_is_told_with_its_room_and_leaves_nothing(tmp_path, monkeypatch):
    """NetCDF says no more of it than that HDF5 failed."""
    monkeypatch.setattr(outputs.files, "ROOM", 1e30)

    def fill(path):
        path.write_text("half", encoding="utf-8")
        raise RuntimeError("NetCDF: HDF error")

    with pytest.raises(ProblemsError, match=r"cannot be written: NetCDF: HDF error; .* MB left"):
        outputs.files.write_whole(tmp_path / "run.nc", fill, overwrite=False)
    assert names(tmp_path) == []


def test_a_folder_that_cannot_be_written_to_is_told_before_the_run(tmp_path, monkeypatch):
    from outputs.commands import runs

    asked = runs.RunOptions(1, 0, 2021, "shenyang", 1, out=str(tmp_path / "new" / "run.nc"))
    runs.check_place(asked)
    monkeypatch.setattr(runs.os, "access", lambda folder, mode: False)
    with pytest.raises(ProblemsError, match=f"{tmp_path}: this folder cannot be written to"):
        runs.check_place(asked)


def test_progress_in_a_log_is_a_line_now_and_then(capsys, monkeypatch):
    from outputs.commands import console

    with console.progress("trend") as told:
        told(1, 4)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(console, "SILENCE", 0)
    with console.progress("trend") as told:
        told(1, 4)
        told(4, 4)
    assert capsys.readouterr().err == "trend: 25 % after 0 s, 0 s left\n"
