#!/usr/bin/env python3
"""Makes of an imported world what ships with zili: its years beside the manifest, which names no generation.

    data/as-bundled.py STORE NAME SCHEMA

Puts STORE/NAME in place of NAME in this folder. What ships is checked by the program's own tests, so its manifest needs no
checksum; SCHEMA is the one that it has here.
"""

import json
import shutil
import sys
from pathlib import Path

store, name, schema = sys.argv[1:]
place = Path(store) / name
target = Path(__file__).resolve().parent / name
manifest = json.loads((place / "manifest.json").read_text(encoding="utf-8"))
files = place / manifest.pop("generation")
del manifest["sha256"]
manifest["schema"] = int(schema)
if target.exists():
    shutil.rmtree(target)
target.mkdir()
for entry in manifest["tables"]:
    year = str(entry["year"])
    shutil.copytree(files / year, target / year)
text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
(target / "manifest.json").write_text(text, encoding="utf-8")
