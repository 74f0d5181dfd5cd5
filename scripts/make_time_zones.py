"""Generates the names of the time zones that the API server knows: those of the tz database that Go embeds in it.

python -m scripts.make_time_zones
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from zipfile import ZipFile

TARGET = Path(__file__).parents[1] / "dsgen" / "kubernetes" / "schema" / "time_zones.json"


def names() -> list[str]:
    """Return the names in the database of the installed Go, sorted."""
    root = subprocess.run(["go", "env", "GOROOT"], check=True, capture_output=True, text=True).stdout.strip()
    with ZipFile(Path(root, "lib", "time", "zoneinfo.zip")) as database:
        return sorted(name for name in database.namelist() if not name.endswith("/"))


if __name__ == "__main__":
    TARGET.write_text(json.dumps(names(), indent=0) + "\n", "utf-8")
