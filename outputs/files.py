"""Files written whole or not at all: beside their place first, then moved there."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from model.problems import Problem, ProblemsError

ROOM = 1_000_000_000


def write_whole(path: Path, write: Callable[[Path], None], overwrite: bool) -> Path:
    """Let ``write`` fill a temporary neighbour of ``path``, then move it into place.

    Raises
    ------
    ProblemsError
        The path is taken, or the operating system refuses; nothing is left behind.
    """
    refuse_taken(path, overwrite)
    beside = path.with_name(f".{path.stem}.{os.getpid()}{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(beside)
        _move(beside, path)
    except (OSError, RuntimeError) as error:  # a full disk is the latter for NetCDF
        reason = getattr(error, "strerror", None) or error
        raise refusal(path, f"cannot be written: {reason}{_room(path)}") from error
    finally:
        _remove(beside)
    return path


def refuse_taken(path: Path, overwrite: bool) -> None:
    """Refuse a path at which something is already, unless it may be replaced.

    Raises
    ------
    ProblemsError
        The path is taken.

    Examples
    --------
    >>> refuse_taken(Path(__file__), overwrite=True)
    >>> refuse_taken(Path("no such folder") / "run.nc", overwrite=False)
    """
    if path.exists() and not overwrite:
        ways = "choose another name, or overwrite it (--overwrite, overwrite=True)"
        raise refusal(path, f"already there; {ways}")


def standing(path: Path) -> Path:
    """Nearest folder above a path that is there."""
    return next(folder for folder in path.resolve().parents if folder.is_dir())


def _room(path: Path) -> str:
    """How much room is left, where that is little."""
    free = shutil.disk_usage(standing(path)).free
    return f"; the disk has {free / 1e6:,.1f} MB left" if free < ROOM else ""


def _move(source: Path, target: Path) -> None:
    """Move a file or a folder; a folder cannot replace another in one step."""
    if target.is_dir() or (target.exists() and source.is_dir()):
        old = target.with_name(f".{target.name}.{os.getpid()}.old")
        target.rename(old)
        source.rename(target)
        _remove(old)
    else:
        source.replace(target)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    elif path.exists():
        path.unlink()


def refusal(path: Path, message: str) -> ProblemsError:
    """Error for one path.

    Examples
    --------
    >>> print(refusal(Path("a.nc"), "no such result"))
    a.nc: no such result
    """
    return ProblemsError([Problem(str(path), None, "", message)])
