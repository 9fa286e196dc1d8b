"""Units of measure: the UN/CEFACT Recommendation 20 codes a buyer meets daily."""

from __future__ import annotations

UNITS: dict[str, str] = {
    "C62": "piece",
    "KGM": "kg",
    "GRM": "g",
    "TNE": "t",
    "MTR": "m",
    "MMT": "mm",
    "KMT": "km",
    "MTK": "m²",
    "MTQ": "m³",
    "LTR": "l",
    "HUR": "hour",
    "DAY": "day",
    "MON": "month",
    "ANN": "year",
    "KWH": "kWh",
    "SET": "set",
    "PR": "pair",
    "XPX": "pallet",
    "XBX": "box",
    "LS": "lump sum",
}
