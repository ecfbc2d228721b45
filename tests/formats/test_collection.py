"""Files of several formats, read together."""

from io import BytesIO

from custom_components.leg_invoicing.formats.collection import Collection
from custom_components.leg_invoicing.formats.grid_csv import propose

PROFILE = (
    b"Zeit;Bezug (kWh);Einspeisung (kWh)\r\n"
    b"01.01.2026 00:15;1,5;0\r\n"
    b"01.01.2026 00:30;0,5;0,25\r\n"
)


def test_load_profile_is_read_as_proposed() -> None:
    """Unless somebody says otherwise, a load profile is read as it seems to be."""
    files = Collection(15)

    files.take("profile.csv", BytesIO(PROFILE))

    assert files.layouts == {"profile.csv": propose(PROFILE)}
    assert files.formats == {"profile.csv": "grid_csv"}
    assert len(files.points) == 1
