"""Runs the vendors' own published clients against the built backend: what console and backend both
believe, no other test here can refute. Each test is one step; the steps of a file build on each
other, in its order. WEIR_BACKEND names the program."""

import os

import pytest

from server import Server


@pytest.fixture(scope="session")
def server():
    server = Server(os.environ["WEIR_BACKEND"])
    yield server
    server.stop()


@pytest.fixture(scope="module")
def made():
    """What earlier steps of the file made, by name."""
    return {}


def pytest_terminal_summary(terminalreporter):
    """In the form that `tools/test.sh` adds up."""
    count = lambda *kinds: sum(len(terminalreporter.stats.get(kind, [])) for kind in kinds)
    passed, failed = count("passed"), count("failed", "error")
    word = "FAILED" if failed else "ok"
    terminalreporter.write_line(
        f"test result: {word}. {passed} passed; {failed} failed; {count('skipped', 'xfailed')} ignored"
    )
