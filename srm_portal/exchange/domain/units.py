"""Units as people write them, to the codes the portal knows."""

from __future__ import annotations

from srm_portal.exchange.domain.headings import fold
from srm_portal.kernel.measure import UNITS

_WORDS = {
    "C62": "one unit units each ea pc pcs pce piece pieces h87 nr no u un unité unités pièce pièces unidad unidades ud "
    "uds pieza piezas szt sztuka sztuki sztuk buc bucată bucăți шт штука штук",
    "KGM": "kg kilo kilogram kilograms kilogramme kilogrammes kilogramo kilogramos kilogramy кг килограмм",
    "GRM": "g gram grams gramme grammes gramo gramos gramy г грамм",
    "TNE": "t ton tons tonne tonnes tonelada toneladas tona tony tone т тонна тонн",
    "MTR": "m metre metres meter meters mètre mètres metro metros metr metry metru metri м метр",
    "MMT": "mm millimetre millimeter millimètre milímetro milimetr milimetru мм",
    "KMT": "km kilometre kilometer kilomètre kilómetro kilometr kilometru км",
    "MTK": "m2 sqm square_metre square_meter mètre_carré metro_cuadrado metr_kwadratowy metru_pătrat м2 кв_м",
    "MTQ": "m3 cbm cubic_metre cubic_meter mètre_cube metro_cúbico metr_sześcienny metru_cub м3 куб_м",
    "LTR": "l litre litres liter liters litro litros litr litry litru litri л литр",
    "HUR": "h hr hour hours heure heures hora horas godz godzina godziny oră ore ч час часов",
    "DAY": "d day days jour jours día días dzień dni zi zile день дней",
    "MON": "month months mois mes meses miesiąc miesiące lună luni месяц мес",
    "ANN": "year years an ans année années año años rok lata ani год лет",
    "KWH": "kwh квтч квт_ч",
    "SET": "set sets kit jeu lot_de_pièces juego komplet kpl set_uri комплект",
    "PR": "pair pairs paire paires par pares para pary pereche perechi пара пар",
    "XPX": "pallet pallets palette palettes palet palés paleta palety paleți паллета поддон",
    "XBX": "box boxes boîte boîtes carton caja cajas pudełko karton cutie cutii коробка",
    "LS": "lump_sum lumpsum ls forfait suma_global tanto_alzado ryczałt sumă_forfetară паушально",
}
_CODES = {fold(word.replace("_", " ")): code for code, words in _WORDS.items() for word in words.split()}
_CODES.update({fold(code): code for code in UNITS} | {fold(name): code for code, name in UNITS.items()})


def read_unit(text: str) -> str | None:
    """The UN/CEFACT code of a unit written as a code, a name or a usual abbreviation in six languages."""
    return _CODES.get(fold(text))
