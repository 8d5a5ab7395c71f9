"""Looks at the system calls by which a command changes what is on a disk, and kills it at one of them."""

import os
import re
import shutil
import signal
import subprocess
from collections import Counter
from pathlib import Path

from tests.faults.nursery import Nursery

# By these a disk comes to hold something else. The question mark: not every kind of machine has all of them.
LASTING = ",".join(
    f"?{name}"
    for name in (
        "fsync", "fdatasync", "rename", "renameat", "renameat2", "link", "linkat", "unlink", "unlinkat", "ftruncate",
        "write", "pwrite64", "sendfile", "copy_file_range",
    )
)  # fmt: skip
ATTACHED = "attached"

# A system call by its name, and the how many-th of that name it is in its thread.
Call = tuple[str, int]


class NoStrace(Exception):
    """This machine does not let us look at a process's system calls; says why."""


def calls(nursery: Nursery, folder: Path, *words: object) -> list[Call]:
    """Run a command to its end; returns its lasting calls, in order. Raises NoStrace."""
    found = folder.with_name("calls.txt")
    assert _run(nursery, folder, words, "--output", str(found)) == 0
    begun = re.findall(r"^(\d+) +(\w+)\(", found.read_text(), re.MULTILINE)
    counts: Counter[tuple[str, str]] = Counter()
    numbered: dict[Call, None] = {}
    for thread_and_name in begun:
        counts[thread_and_name] += 1
        numbered[thread_and_name[1], counts[thread_and_name]] = None
    return [*numbered]


def kill_at(nursery: Nursery, folder: Path, call: Call, *words: object) -> bool:
    """Run a command that is killed before this call does anything; was it? Raises NoStrace."""
    name, number = call
    ended = _run(nursery, folder, words, "--output", os.devnull, "--inject", f"{name}:signal=SIGKILL:when={number}")
    assert ended in (0, -signal.SIGKILL), f"it ended with {ended}"
    return ended != 0


def _run(nursery: Nursery, folder: Path, words: tuple[object, ...], *options: str) -> int:
    if shutil.which("strace") is None:
        raise NoStrace("there is no strace")
    child = nursery.run({"TENTH_DATA": str(folder)}, [*map(str, words)], held=True)
    watching = subprocess.Popen(
        ["strace", "--follow-forks", f"--trace={LASTING}", "--signal=none", *options, "--attach", str(child.pid)],
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert watching.stderr is not None
    said = watching.stderr.readline()
    if ATTACHED not in said:
        os.kill(child.pid, signal.SIGKILL)
    os.kill(child.pid, signal.SIGCONT)
    ended = child.wait()
    watching.communicate()
    if ATTACHED not in said:
        raise NoStrace(said.strip())
    return ended
