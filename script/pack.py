"""Pack the integration into leg_invoicing.zip, as HACS downloads it.

Usage: python script/pack.py TAG        for example: python script/pack.py v1.2.0

The version of a release is the name of its tag. The manifest in the repository keeps
its own; only the one inside the archive is stamped.
"""

import json
from pathlib import Path
import re
import sys
import zipfile

INTEGRATION = Path("custom_components/leg_invoicing")
ARCHIVE = Path("leg_invoicing.zip")


def stamped(manifest: str, version: str) -> str:
    """Return the manifest with another version."""
    return json.dumps(json.loads(manifest) | {"version": version}, indent=2) + "\n"


def pack(version: str) -> None:
    """Write the archive: the content of the folder, without the folder itself."""
    with zipfile.ZipFile(ARCHIVE, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(INTEGRATION.rglob("*")):
            hidden = any(part.startswith((".", "__py")) for part in path.parts)
            if path.is_dir() or hidden:
                continue
            name = path.relative_to(INTEGRATION).as_posix()
            if name == "manifest.json":
                manifest = path.read_text(encoding="utf-8")
                archive.writestr(name, stamped(manifest, version))
            else:
                archive.write(path, name)


def main() -> int:
    """Pack under the version that a tag names."""
    tag = sys.argv[1] if len(sys.argv) > 1 else ""
    if not re.fullmatch(r"v?\d+\.\d+\.\d+((a|b|rc)\d+)?", tag):
        print(f"A tag looks like v1.2.0 or v1.2.0b1, not {tag!r}.", file=sys.stderr)
        return 1
    version = tag.removeprefix("v")
    pack(version)
    print(f"{ARCHIVE}: version {version}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
