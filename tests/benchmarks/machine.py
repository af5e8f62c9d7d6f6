"""What was measured where and when, as it stands above each table."""

import os
import platform
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

PROJECT = Path(__file__).parent.parent.parent


def described() -> str:
    cpu = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{cpu[1] if cpu else platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GB, {platform.system()} "
        f"{platform.release()}, Python {platform.python_version()}; {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, "
        f"commit {_commit()}"
    )


def load() -> str:
    """The load averages of the last 1, 5 and 15 minutes."""
    return " ".join(f"{value:.1f}" for value in os.getloadavg())


def write_part(name: str, text: str) -> Path:
    """Put a text between the marks of its name in docs/benchmarks.md; what stands around them stays."""
    file = PROJECT / "docs" / "benchmarks.md"
    first, last = f"<!-- {name}: written by the benchmark -->", f"<!-- end of {name} -->"
    before, _, rest = file.read_text(encoding="utf-8").partition(first)
    _, found, after = rest.partition(last)
    if not found:
        raise SystemExit(f"{file} lacks the lines {first} and {last}; put them back where the table belongs.")
    file.write_text(f"{before}{first}\n{text.strip()}\n{last}{after}", encoding="utf-8")
    return file


def _commit() -> str:
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or "unknown"
