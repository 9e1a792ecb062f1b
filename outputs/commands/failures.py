"""How a failure is told: what went wrong on stderr, and an exit code."""

from model.problems import Problem, ProblemsError, RunError
from outputs.commands.console import say
from outputs.commands.runs import UnsavedError

PLACED = {"scenario", "section", "lever"}  # arguments without an option before them
BAD_INPUT, FAILED, INTERRUPTED = 2, 3, 130


def exit_code(error: BaseException) -> int:
    """Tell a failure in plain words; the exit code that goes with it.

    Examples
    --------
    >>> exit_code(KeyboardInterrupt())
    130
    """
    if isinstance(error, ProblemsError):
        count, unsaved = len(error.problems), isinstance(error, UnsavedError)
        done = "the run is done, but not all of it is" if unsaved else "nothing was run or"
        say(f"{count} problem{'' if count == 1 else 's'} to mend; {done} written:")
        for problem in error.problems:
            say(f"  {as_typed(problem)}")
        return BAD_INPUT
    if interrupted(error):
        say("Interrupted. Nothing half-written was left.")
        return INTERRUPTED
    if isinstance(error, RunError):
        say(f"The run failed: {error}")
    else:
        say(f"Failed: {type(error).__name__}: {error}")
    say("Run it again with `run.py --debug ...` to see where.")
    return FAILED


def interrupted(error: BaseException) -> bool:
    """Whether somebody pressed Ctrl-C, be it while a compiled loop ran.

    Python calls that a fault of the loop (``SystemError``), with the key as its cause.

    Examples
    --------
    >>> odd = SystemError("returned a result with an exception set")
    >>> interrupted(odd)
    False
    >>> odd.__cause__ = KeyboardInterrupt()
    >>> interrupted(odd)
    True
    """
    if isinstance(error, SystemError) and error.__cause__ is not None:
        return interrupted(error.__cause__)
    return isinstance(error, KeyboardInterrupt)


def as_typed(problem: Problem) -> str:
    """Problem in the words of the command line: an argument by its option.

    Examples
    --------
    >>> as_typed(Problem("arguments", None, "region_set", "unknown 'x'"))
    "--region-set: unknown 'x'"
    """
    if problem.file != "arguments":
        return str(problem)
    option = problem.key if problem.key in PLACED else f"--{problem.key.replace('_', '-')}"
    return f"{option}: {problem.message}"
