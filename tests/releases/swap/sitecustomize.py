"""Imported by Python itself at its start where this folder is on the PYTHONPATH: runs a part from another release.

The folder HABRIO_RELEASES holds, by a part's name, the path of the tree that it is to run from. All processes of a part
start in its folder: web, worker, and what these start. Nothing else of the platform knows of it.
"""

import os
import sys
from pathlib import Path

here = Path.cwd()
choice = Path(os.environ["HABRIO_RELEASES"]) / here.name
if (here / f"habrio_{here.name}").is_dir() and choice.is_file():
    tree = Path(choice.read_text(encoding="utf-8"))
    there = tree / here.relative_to(here.parents[1] if here.parent.name == "services" else here.parent)
    os.chdir(there)
    sys.path[:0] = [str(there), str(tree / "shared")]
