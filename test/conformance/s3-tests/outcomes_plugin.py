"""Writes what became of each phase of each test, a line of JSON each, into the file that OUTCOMES names."""
import json
import os


def pytest_runtest_logreport(report):
    if "PYTEST_XDIST_WORKER" in os.environ:
        return  # the process that started the workers is told of all of them
    crash = getattr(report.longrepr, "reprcrash", None)
    reason = crash.message if crash else str(report.longrepr or "")
    line = {"test": report.nodeid, "outcome": report.outcome, "reason": reason.splitlines()[0][:300] if reason else ""}
    with open(os.environ["OUTCOMES"], "a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
