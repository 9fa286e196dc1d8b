"""Invented names, places and things. Nothing here is a real company or person."""

from __future__ import annotations

from dataclasses import dataclass

COMPANY = "Nordwerk Maschinenbau (demonstration)"
PASSWORD = "demo portal, six steps"
OPEN_TO_ALL = {
    1: "invited to the live auction", 13: "invited to the live auction", 25: "invited to the live auction",
    20: "asked for an offer", 27: "asked for an offer",
}  # fmt: skip
"""Supplier users who also get the password, by the number in their address, and what waits for them."""


@dataclass(frozen=True, slots=True)
class Place:
    country: str
    city: str
    region: str
    latitude: str
    longitude: str
    language: str


PLACES = (
    Place("FR", "Lyon", "FR", "45.76", "4.84", "fr"),
    Place("FR", "Nantes", "FR", "47.22", "-1.55", "fr"),
    Place("ES", "Zaragoza", "ES", "41.65", "-0.88", "es"),
    Place("ES", "Bilbao", "ES", "43.26", "-2.93", "es"),
    Place("PL", "Wrocław", "PL", "51.11", "17.04", "pl"),
    Place("PL", "Katowice", "PL", "50.26", "19.02", "pl"),
    Place("RO", "Brașov", "RO", "45.66", "25.61", "ro"),
    Place("RO", "Timișoara", "RO", "45.75", "21.23", "ro"),
    Place("DE", "Chemnitz", "DE", "50.83", "12.92", "en"),
    Place("DE", "Ulm", "DE", "48.40", "9.99", "en"),
    Place("GB", "Sheffield", "GB", "53.38", "-1.47", "en"),
    Place("GB", "Coventry", "GB", "52.41", "-1.51", "en"),
)

TRADES = (
    ("Usinage", "Mecanizados", "Precyzja", "Prelucrări", "Zerspanung", "Machining"),
    ("Fonderie", "Fundiciones", "Odlewnia", "Turnătoria", "Gießerei", "Castings"),
    ("Aciers", "Aceros", "Stal", "Oțel", "Stahlhandel", "Steel"),
    ("Emballages", "Embalajes", "Opakowania", "Ambalaje", "Verpackung", "Packaging"),
    ("Transports", "Transportes", "Spedycja", "Transport", "Spedition", "Haulage"),
)
WORDS = ("du Val", "del Norte", "Kowal", "Carpați", "am Tor", "Moorside", "Belvoir", "Sierra", "Odra", "Mureș")
FIRST = ("Ana", "Jan", "Elena", "Marc", "Ioana", "Piotr", "Lucía", "Hélène", "Tom", "Grace", "Radu", "Zofia")
LAST = (
    "Moreau",
    "Kowalczyk",
    "Ionescu",
    "Vidal",
    "Hartley",
    "Brandt",
    "Popa",
    "Nowak",
    "Lefèvre",
    "Ruiz",
    "Ward",
    "Stan",
)

CATEGORIES = (
    "42670000", "44470000", "14622000", "14721000", "31711000", "44617100", "60100000", "90919200", "72500000",
    "30192000", "09310000", "50530000",
)  # fmt: skip
NEEDS = {
    "42670000": (
        "Machined brackets and housings",
        "Brackets, housings and shafts",
        "Many small machining firms in Europe",
    ),
    "44470000": ("Cast-iron gearbox housings", "Grey iron castings 40 to 120 kg", "Few foundries with free capacity"),
    "14622000": ("Structural steel S355", "Plates and profiles", "Traded daily, prices follow ore and energy"),
    "14721000": ("Aluminium plates EN AW-7075", "Plates 10 to 60 mm", "Few mills, long lead times"),
    "31711000": ("Control cabinets wiring", "Wired control panels", "Regional specialists"),
    "44617100": ("Export cartons and crates", "Cartons, inlays, crates", "Many suppliers, low switching cost"),
    "60100000": ("Road freight Western Europe", "Full and part loads", "Fragmented, spot prices volatile"),
    "90919200": ("Office and hall cleaning", "Daily cleaning, four sites", "Local firms, wage-driven"),
    "72500000": ("Service desk and device support", "First and second level", "Several regional providers"),
    "30192000": ("Office supplies", "Paper, toner, small goods", "Many resellers"),
    "09310000": ("Electricity 2027", "Base load, three sites", "Exchange-linked"),
    "50530000": ("Maintenance of machine tools", "Preventive maintenance, 38 machines", "Maker and independent firms"),
}
LINES = {
    "42670000": (
        ("Bracket B-114", "2400", "8.60"), ("Housing H-7075", "600", "63.50"),
        ("Shaft Ø32", "1200", "25.10"), ("Cover plate C-20", "3000", "3.20"),
    ),
    "44470000": (("Gearbox housing G-3", "420", "212"), ("Gearbox housing G-5", "180", "388"), ("Bearing cap", "900", "41")),
    "14622000": (("Plate S355 12 mm", "180", "912"), ("Profile HEB 200", "60", "1040")),
    "14721000": (("Plate 20 mm", "14", "7650"), ("Plate 40 mm", "9", "7810")),
    "31711000": (("Cabinet type A", "75", "1480"), ("Cabinet type B", "32", "2260")),
    "44617100": (("Carton 600", "18000", "1.42"), ("Crate 1200", "650", "38.50")),
    "60100000": (("Full load per km", "160000", "1.58"), ("Part load per pallet", "3800", "74")),
    "90919200": (("Site cleaning per month", "48", "3900"),),
    "72500000": (("Service desk per month", "36", "9400"), ("Device support per call", "2600", "38")),
    "30192000": (("Paper A4, box", "2200", "19.40"), ("Toner black", "340", "71")),
    "09310000": (("Base load", "5200", "92.40"),),
    "50530000": (("Maintenance per machine and year", "38", "2150"),),
}  # fmt: skip
CUSTOMERS = (
    "Atelier Fluvial", "Baltic Crane Works", "Cantabria Forja", "Danube Pumps", "Elster Robotik", "Forges du Midi",
    "Galway Lifts", "Hanse Packtechnik", "Iberia Rail Parts", "Jura Optik", "Karpaty Energia", "Loire Turbines",
    "Mazovia Trams", "Navarra Wind", "Oder Werften", "Polder Machines", "Quercy Presses", "Rhön Getriebe",
    "Silesia Mining Tools", "Tisza Foundry", "Ural Bearings Europe", "Vosges Textile", "Wexford Dairy Systems",
    "Yser Conveyors", "Zagros Hydraulics",
)  # fmt: skip


def supplier_name(number: int) -> str:
    """A name for the supplier with this number: trade and word in the language of its country."""
    place = PLACES[number % len(PLACES)]
    language = ("FR", "ES", "PL", "RO", "DE", "GB").index(place.country)
    trade = TRADES[(number // len(PLACES)) % len(TRADES)][language]
    return f"{trade} {WORDS[(number * 7 + number // 12) % len(WORDS)]} {place.city}"


def person_name(number: int) -> str:
    return f"{FIRST[number % len(FIRST)]} {LAST[(number * 5 + number // 12) % len(LAST)]}"


QUALITY_ANSWERS = (
    "ISO 9001 since 2011. Defects go through an 8D report within five working days.",
    "Own laboratory, statistical control of the three critical measures, first-article inspection with every order.",
    "Final inspection of every part; complaints are answered within 48 hours.",
    "Quality agreement with our sub-suppliers; yearly audits by two customers.",
)
