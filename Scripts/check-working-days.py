#!/usr/bin/env python3
"""Compares reference/working-days (or the files named) with the PyPI package chinesecalendar, day by day.

Needs the package: Scripts/setup.sh test installs it into .venv. Ends with 1 where a day differs.
"""

import json
import pathlib
import sys
from datetime import date, timedelta

from chinese_calendar import is_workday

ROOT = pathlib.Path(__file__).resolve().parent.parent


def days(year):
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += timedelta(days=1)


def differences(path):
    """The days of a file's years that the package counts otherwise, and how many days were compared."""
    content = json.loads(path.read_text(encoding="utf-8"))
    holidays, make_up_days = set(content["holidays"]), set(content["make_up_days"])
    compared = [day for year in content["years"] for day in days(year)]
    found = []
    for day in compared:
        ours = str(day) in make_up_days or (day.weekday() < 5 and str(day) not in holidays)
        if ours != is_workday(day):
            found.append(f"{path.name}: {day} is {'worked' if ours else 'free'} here, there it is not so")
    return found, len(compared)


def main():
    files = [pathlib.Path(name) for name in sys.argv[1:]] or sorted((ROOT / "reference/working-days").glob("cn-*.json"))
    found, compared = [], 0
    for path in files:
        differing, count = differences(path)
        found += differing
        compared += count
    for line in found:
        print(line, file=sys.stderr)
    print(f"{compared} days of {len(files)} files compared, {len(found)} differ")
    return 1 if found or not compared else 0


if __name__ == "__main__":
    sys.exit(main())
