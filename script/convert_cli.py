"""Convert meter-data files: the program behind script/convert."""

from pathlib import Path
import sys

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

# The order matters: this keeps the integration's own start, and with it Home
# Assistant, from being imported with the rules.
from script.settle_lib import pure_wings  # noqa: F401

# isort: split
from script.convert_lib.command import main

if __name__ == "__main__":
    sys.exit(main())
