"""Where suppliers are: coordinates in millionths of a degree, distances over the globe."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Decimal

MICRO = 1_000_000
EARTH_KM = 6371.0088
"""Mean radius of the earth (IUGG)."""


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the globe, in millionths of a degree. Raises ValueError outside the globe."""

    latitude: int
    longitude: int

    def __post_init__(self) -> None:
        if abs(self.latitude) > 90 * MICRO or abs(self.longitude) > 180 * MICRO:
            raise ValueError("not on the globe")


def point_of(latitude: Decimal, longitude: Decimal) -> Point:
    """From degrees; ValueError outside the globe."""
    return Point(round(latitude * MICRO), round(longitude * MICRO))


def degrees(micro: int) -> Decimal:
    return Decimal(micro) / MICRO


def parse_point(text: str) -> Point | None:
    """ "48.8566, 2.3522" as people copy it from a map; None for anything else."""
    found = re.fullmatch(r"\s*(-?\d{1,2}(?:\.\d+)?)\s*[,; ]\s*(-?\d{1,3}(?:\.\d+)?)\s*", text)
    if found is None:
        return None
    try:
        return point_of(Decimal(found[1]), Decimal(found[2]))
    except ValueError:
        return None


def great_circle_km(a: Point, b: Point) -> int:
    """Whole kilometres along the globe (haversine formula)."""
    lat_a, lat_b = math.radians(a.latitude / MICRO), math.radians(b.latitude / MICRO)
    half_lat = (lat_b - lat_a) / 2
    half_lon = math.radians((b.longitude - a.longitude) / MICRO) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(half_lon) ** 2
    return round(2 * EARTH_KM * math.asin(min(1.0, math.sqrt(chord))))


def latitude_band(centre: Point, km: int) -> tuple[int, int]:
    """Latitudes between which everything within `km` lies: what a database can ask cheaply."""
    reach = math.ceil(math.degrees(km / EARTH_KM) * MICRO)
    return centre.latitude - reach, centre.latitude + reach


def middle(points: list[Point]) -> Point:
    """The middle of places close together (one town)."""
    return Point(
        round(sum(p.latitude for p in points) / len(points)), round(sum(p.longitude for p in points) / len(points))
    )
