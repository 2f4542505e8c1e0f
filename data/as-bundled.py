#!/usr/bin/env python3
"""Makes of an imported world what ships with zili: its years beside the manifest, which names no generation.

    data/as-bundled.py STORE IMPORTED NAME SCHEMA

Puts STORE/IMPORTED in place of NAME in this folder: no import may have the name of a bundled world. What ships is checked by the program's own tests, so its manifest needs no
checksum; SCHEMA is the one that it has here.
"""

import json
import shutil
import sys
from pathlib import Path

store, imported, name, schema = sys.argv[1:]
place = Path(store) / imported
target = Path(__file__).resolve().parent / name
manifest = json.loads((place / "manifest.json").read_text(encoding="utf-8"))
files = place / manifest.pop("generation")
del manifest["sha256"]
manifest["schema"] = int(schema)
manifest["name"] = name
if target.exists():
    shutil.rmtree(target)
target.mkdir()
for entry in manifest["tables"]:
    year = str(entry["year"])
    shutil.copytree(files / year, target / year)
text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
(target / "manifest.json").write_text(text, encoding="utf-8")
