"""Results as files: NetCDF for one scenario, Zarr for several.

A file is written beside its place under another name and moved there when it is whole, so that
whatever has a finished name is finished. Nothing is overwritten unless told so.
"""

import hashlib
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import model
from model.problems import nearest
from model.recorder import code_digest
from outputs.files import refusal, write_whole

if TYPE_CHECKING:
    import xarray as xr

RUNS = Path(__file__).parent / "runs"
SUFFIXES = (".nc", ".zarr")
FACTS = (
    "scenario_yaml", "scenario_names", "area", "engine", "seed", "draws", "code_version",
    "code_digest",
)  # fmt: skip
LONGEST = 60
LARGEST = 64_000_000  # bytes of a chunk, where a draw alone is not more


@dataclass(frozen=True, slots=True)
class Saved:
    """Where a run lies, and whether it was written now (or lay there already, the same)."""

    path: Path
    written: bool


def default_path(ds: "xr.Dataset", folder: str | Path = RUNS) -> Path:
    """Path named after what a run is made of.

    Parameters
    ----------
    ds : xarray.Dataset
        Result of a run.
    folder : str or Path
        Where results lie.

    Returns
    -------
    Path
        ``<scenarios>-<engine>-<draws>d-seed<seed>-<hash>``, ``.zarr`` with a dimension
        ``scenario`` and ``.nc`` without; the hash is of the scenario texts and all settings.

    Examples
    --------
    >>> from model import simulate
    >>> default_path(simulate("trend", end=2021)).name.rpartition("-")[0]
    'trend-mean-1d-seed0'
    """
    facts = ds.attrs
    names = facts["scenario_names"].replace("\n", "+")
    if len(names) > LONGEST:
        names = f"{names[:LONGEST]}+"
    settings = {key: str(value) for key, value in sorted(facts.items()) if key != "versions"}
    digest = hashlib.sha256(repr(settings).encode()).hexdigest()[:8]
    suffix = ".zarr" if "scenario" in ds.dims else ".nc"
    stem = f"{names}-{facts['engine']}-{facts['draws']}d-seed{facts['seed']}-{digest}"
    return Path(folder) / f"{stem}{suffix}"


def save_results(ds: "xr.Dataset", path: str | Path, overwrite: bool = False) -> Path:
    """Write a result to a file of one's own choice.

    Parameters
    ----------
    ds : xarray.Dataset
        Result of a run.
    path : str or Path
        Ends in ``.nc`` (NetCDF) or ``.zarr`` (a folder); missing folders are made.
    overwrite : bool
        Replace what is there.

    Returns
    -------
    Path

    Raises
    ------
    ProblemsError
        Something is there already, another ending, or the disk refuses.
    """
    path = Path(path)
    if path.suffix not in SUFFIXES:
        raise refusal(path, f"a result ends in {' or '.join(SUFFIXES)}")
    write = _write_netcdf if path.suffix == ".nc" else _write_zarr
    return write_whole(path, lambda beside: write(ds, beside), overwrite)


def save_run(ds: "xr.Dataset", folder: str | Path = RUNS, overwrite: bool = False) -> Saved:
    """Write a result under its default name, unless the very same result is there.

    Raises
    ------
    ProblemsError
        A different result has the name (the model has changed), or it cannot be written.
    """
    path = default_path(ds, folder)
    if path.exists() and not overwrite:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            same = open_results(path).equals(ds)
        if same:
            return Saved(path, written=False)
        raise refusal(path, "another result of the same run is there; overwrite it, or save apart")
    return Saved(save_results(ds, path, overwrite), written=True)


def open_results(path: str | Path) -> "xr.Dataset":
    """Result read from a file whole, so that the file may go.

    Parameters
    ----------
    path : str or Path
        What :func:`save_results` wrote.

    Returns
    -------
    xarray.Dataset
        Equal to what was saved; ``model.rebuild`` runs it again.

    Warns
    -----
    UserWarning
        The result was made by another version of the code.

    Raises
    ------
    ProblemsError
        No such file, not readable, or not a result of this simulator.
    """
    import xarray as xr

    path = Path(path)
    if not path.exists():
        known = [p.name for s in SUFFIXES for p in path.parent.glob(f"*{s}")]
        raise refusal(path, "no such result" + (nearest(path.name, known) if known else ""))
    if path.suffix not in SUFFIXES:
        raise refusal(path, f"a result ends in {' or '.join(SUFFIXES)}")
    options: dict[str, Any] = (
        {"engine": "zarr", "consolidated": False} if path.suffix == ".zarr" else {}
    )
    try:
        with xr.open_dataset(path, **options) as opened:
            ds = opened.load()
    except Exception as error:  # each library fails in its own way on a foreign file
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise refusal(path, f"cannot be read as a result: {reason[:200]}") from error
    missing = [fact for fact in FACTS if fact not in ds.attrs]
    if missing:
        raise refusal(path, f"not a result of this simulator (it has no {', '.join(missing)})")
    made = f"{ds.attrs['code_version']} ({ds.attrs['code_digest']})"
    this = f"{model.__version__} ({code_digest()})"
    if made != this:
        text = f"{path.name} was made by version {made}, this is {this}"
        warnings.warn(text, UserWarning, stacklevel=2)
    return _plain(ds)


def _write_netcdf(ds: "xr.Dataset", path: Path) -> None:
    packed = {name: {"zlib": True, "complevel": 1} for name in ds.data_vars if ds[name].ndim}
    _plain(ds).to_netcdf(path, engine="netcdf4", encoding=packed)


def _write_zarr(ds: "xr.Dataset", path: Path) -> None:
    from zarr.codecs import BloscCodec

    # Four times as fast as what zarr does by itself, and no larger on disk.
    quick = BloscCodec(cname="lz4", clevel=1, shuffle="shuffle")
    packed = {
        name: {"chunks": chunks_of(ds[name]), "compressors": (quick,)}
        for name in ds.data_vars
        if ds[name].ndim
    }
    _plain(ds).to_zarr(path, mode="w", consolidated=False, zarr_format=3, encoding=packed)


def chunks_of(values: "xr.DataArray") -> tuple[int, ...]:
    """Lengths of a chunk of a variable: one scenario, and as many draws as its bytes allow.

    Examples
    --------
    >>> import numpy as np
    >>> import xarray as xr
    >>> dims = ("scenario", "draw", "zone")
    >>> chunks_of(xr.DataArray(np.zeros((2, 30, 4)), dims=dims))
    (1, 30, 4)
    >>> chunks_of(xr.DataArray(np.zeros((1, 9, LARGEST // 16)), dims=dims))[1]
    2
    """
    lengths = {str(dim): length for dim, length in values.sizes.items()} | {"scenario": 1}
    if "draw" in lengths:
        each = values.nbytes // max(values.sizes["draw"] * values.sizes.get("scenario", 1), 1)
        lengths["draw"] = min(max(LARGEST // max(each, 1), 1), lengths["draw"])
    return tuple(lengths[str(dim)] for dim in values.dims)


def _plain(ds: "xr.Dataset") -> "xr.Dataset":
    """Text coordinates as objects, attributes as plain Python: the same for either format."""
    texts = {n: (c.dims, c.values.astype(object), c.attrs) for n, c in ds.coords.items()
             if c.dtype.kind in "UTO"}  # fmt: skip
    plain = ds.drop_encoding().assign_coords(texts)
    plain.attrs = {k: v.item() if hasattr(v, "item") else v for k, v in ds.attrs.items()}
    return plain
