"""The category tree: codes of the Common Procurement Vocabulary (CPV 2008, Regulation (EC) No 213/2008)."""

from __future__ import annotations

SCHEME = "CPV"
LENGTH = 8
_DIVISION = 2


def is_cpv(code: str) -> bool:
    """Eight digits; the check digit that some lists append ("42600000-2") is not part of the code."""
    return len(code) == LENGTH and code.isascii() and code.isdigit()


def bare(code: str) -> str:
    """The code without blanks and check digit."""
    return code.strip().partition("-")[0]


def significant(code: str) -> str:
    """The digits that say something: "42600000" -> "426"; a division keeps its two."""
    return code[:_DIVISION] + code[_DIVISION:].rstrip("0")


def level(code: str) -> int:
    """1 for a division, one more for each further digit."""
    return len(significant(code)) - _DIVISION + 1


def parent(code: str) -> str:
    """One step up the tree; "" above a division."""
    digits = significant(code)
    return "" if len(digits) == _DIVISION else digits[:-1].ljust(LENGTH, "0")


def ancestors(code: str) -> list[str]:
    """The code itself and everything above it, nearest first."""
    line = []
    while code:
        line.append(code)
        code = parent(code)
    return line


def subtree(code: str) -> tuple[str, str]:
    """First and last code at or below this one: a range a database can ask for."""
    digits = significant(code)
    return digits.ljust(LENGTH, "0"), digits.ljust(LENGTH, "9")


def category_distance(a: str, b: str) -> int:
    """Steps through the tree from one code to the other; different divisions meet at the root.

    0 for the same code, 1 for parent and child, 2 for siblings.
    """
    line_a, line_b = ancestors(a), ancestors(b)
    shared = len(set(line_a) & set(line_b))
    return len(line_a) + len(line_b) - 2 * shared


DEMONSTRATION: dict[str, tuple[str, str]] = {
    "09000000": (
        "Petroleum products, fuel, electricity and other sources of energy",
        "Produits pétroliers, combustibles, électricité et autres sources d'énergie",
    ),
    "09100000": ("Fuels", "Combustibles"),
    "09300000": (
        "Electricity, heating, solar and nuclear energy",
        "Électricité, chauffage, énergie solaire et nucléaire",
    ),
    "09310000": ("Electricity", "Électricité"),
    "14000000": (
        "Mining, basic metals and related products",
        "Produits d'exploitation des mines, métaux de base et produits connexes",
    ),
    "14600000": ("Metal ores and alloys", "Minerais et alliages métalliques"),
    "14620000": ("Alloys", "Alliages"),
    "14622000": ("Steel", "Acier"),
    "14700000": ("Basic metals", "Métaux de base"),
    "14720000": (
        "Aluminium, nickel, scandium, titanium and vanadium",
        "Aluminium, nickel, scandium, titane et vanadium",
    ),
    "14721000": ("Aluminium", "Aluminium"),
    "30000000": (
        "Office and computing machinery, equipment and supplies except furniture and software packages",
        "Machines, matériel et fourniture informatique et de bureau, excepté les meubles et logiciels",
    ),
    "30100000": (
        "Office machinery, equipment and supplies except computers, printers and furniture",
        "Machines, matériel et fourniture de bureau, excepté les ordinateurs, les imprimantes et les meubles",
    ),
    "30190000": ("Various office equipment and supplies", "Machines, fournitures et équipement de bureau divers"),
    "30192000": ("Office supplies", "Fournitures de bureau"),
    "30200000": ("Computer equipment and supplies", "Matériel et fournitures informatiques"),
    "31000000": (
        "Electrical machinery, apparatus, equipment and consumables; lighting",
        "Machines, appareils, équipements et consommables électriques; éclairage",
    ),
    "31100000": (
        "Electric motors, generators and transformers",
        "Moteurs, générateurs et transformateurs électriques",
    ),
    "31300000": ("Insulated wire and cable", "Fils et câbles isolés"),
    "31700000": (
        "Electronic, electromechanical and electrotechnical supplies",
        "Fournitures électroniques, électromécaniques et électrotechniques",
    ),
    "31710000": ("Electronic equipment", "Matériel électronique"),
    "31711000": ("Electronic supplies", "Fournitures électroniques"),
    "42000000": ("Industrial machinery", "Machines industrielles"),
    "42600000": ("Machine tools", "Machines-outils"),
    "42670000": ("Parts and accessories of machine tools", "Parties et accessoires de machines-outils"),
    "44000000": (
        "Construction structures and materials; auxiliary products to construction (except electric apparatus)",
        "Structures et matériaux de construction; produits auxiliaires à la construction",
    ),
    "44400000": ("Miscellaneous fabricated products and related items", "Produits divers et articles connexes"),
    "44470000": ("Cast-iron products", "Produits en fonte"),
    "44500000": (
        "Tools, locks, keys, hinges, fasteners, chain and springs",
        "Outils, serrures, clés, charnières, attaches, chaînes et ressorts",
    ),
    "44530000": ("Fasteners", "Attaches"),
    "44531000": ("Threaded fasteners", "Attaches filetées"),
    "44600000": (
        "Tanks, reservoirs and containers; central-heating radiators and boilers",
        "Citernes, réservoirs et conteneurs; radiateurs et chaudières de chauffage central",
    ),
    "44610000": (
        "Tanks, reservoirs, containers and pressure vessels",
        "Citernes, réservoirs, conteneurs et cuves sous pression",
    ),
    "44617000": ("Boxes", "Boîtes"),
    "44617100": ("Cartons", "Cartons"),
    "50000000": ("Repair and maintenance services", "Services de réparation et d'entretien"),
    "50500000": (
        "Repair and maintenance services for pumps, valves, taps and metal containers and machinery",
        "Services de réparation et d'entretien de pompes, vannes, robinets, conteneurs en métal et machines",
    ),
    "50530000": (
        "Repair and maintenance services of machinery",
        "Services de réparation et d'entretien de machines",
    ),
    "60000000": (
        "Transport services (excl. Waste transport)",
        "Services de transport (à l'exclusion du transport des déchets)",
    ),
    "60100000": ("Road transport services", "Services de transport routier"),
    "63000000": (
        "Supporting and auxiliary transport services; travel agencies services",
        "Services d'appui et services auxiliaires dans le domaine des transports; services des agences de voyages",
    ),
    "63100000": ("Cargo handling and storage services", "Services de manutention et services d'entreposage"),
    "63120000": ("Storage and warehousing services", "Services de stockage et d'entreposage"),
    "72000000": (
        "IT services: consulting, software development, Internet and support",
        "Services de technologies de l'information, conseil, développement de logiciels, internet et appui",
    ),
    "72200000": (
        "Software programming and consultancy services",
        "Services de programmation et de conseil en logiciels",
    ),
    "72500000": ("Computer-related services", "Services informatiques"),
    "79000000": (
        "Business services: law, marketing, consulting, recruitment, printing and security",
        "Services aux entreprises: droit, marketing, conseil, recrutement, impression et sécurité",
    ),
    "79900000": (
        "Miscellaneous business and business-related services",
        "Services divers aux entreprises et services connexes",
    ),
    "79920000": ("Packaging and related services", "Services de conditionnement et services connexes"),
    "90000000": (
        "Sewage, refuse, cleaning and environmental services",
        "Services des eaux usées, des ordures, du nettoyage et de l'environnement",
    ),
    "90900000": ("Cleaning and sanitation services", "Services de nettoyage et d'hygiène"),
    "90910000": ("Cleaning services", "Services de nettoyage"),
    "90919000": (
        "Office, school and office equipment cleaning services",
        "Services de nettoyage de bureaux, d'écoles et d'équipement de bureau",
    ),
    "90919200": ("Office cleaning services", "Services de nettoyage de bureaux"),
}
"""A small part of the vocabulary for demonstrations and tests: code -> (English, French)."""
