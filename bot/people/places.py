"""From a shared location to a time zone. The location is used once and not kept."""

import tzfpy


def zone_of_place(latitude: float, longitude: float) -> str | None:
    """The IANA key at a point given in degrees; None at sea or for a nonsense point."""
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return None
    key = tzfpy.get_tz(longitude, latitude)
    return key if key and not key.startswith("Etc/") else None
