"""The columns of the files people fill in, their headings in six languages and the words people use instead."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

LANGUAGES = ("en", "fr", "es", "pl", "ro", "ru")
NUMBERS = ("quantity", "target_price", "ordered", "received", "rejected", "amount")


@dataclass(frozen=True, slots=True)
class Column:
    """`titles` in the order of LANGUAGES head the template; `also` are other headings taken for the same."""

    name: str
    titles: tuple[str, str, str, str, str, str]
    also: tuple[str, ...] = ()
    required: bool = False

    def title(self, language: str) -> str:
        return self.titles[LANGUAGES.index(language) if language in LANGUAGES else 0]

    def words(self) -> frozenset[str]:
        return frozenset(fold(word) for word in (self.name, *self.titles, *self.also))


def fold(heading: str) -> str:
    """A heading as it is compared: small letters without accents, signs as blanks ("Quantité*" -> "quantite")."""
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", heading) if not unicodedata.combining(sign))
    return " ".join(re.sub(r"[\W_]+", " ", bare.casefold()).split())


def by_word(columns: Iterable[Column]) -> dict[str, str]:
    return {word: column.name for column in columns for word in column.words()}


def _columns(text: str) -> tuple[Column, ...]:
    """Name (a star: required), below it the six titles between bars, below them the other words."""
    columns: list[Column] = []
    for block in re.split(r"\n(?=\S)", text.strip()):
        name, *lines = block.splitlines()
        titles = [title.strip() for line in lines if "|" in line for title in line.split("|") if title.strip()]
        also = [word.strip() for line in lines if "|" not in line for word in line.split(";") if word.strip()]
        en, fr, es, pl, ro, ru = titles
        columns.append(Column(name.rstrip(" *"), (en, fr, es, pl, ro, ru), tuple(also), name.endswith("*")))
    return tuple(columns)


NEED_COLUMNS = _columns("""
reference *
  Reference | Référence | Referencia | Numer | Referință | Номер
  ref; need; need reference; besoin; n°; no; number; réf; referencja; referinta; nr; ссылка
title *
  Title | Titre | Título | Tytuł | Titlu | Название
  subject; objet; intitulé; asunto; objeto; temat; nazwa; denumire; subiect; наименование; предмет
description
  Description | Description du besoin | Descripción | Opis | Descriere | Описание
  need description; details; remarks; détails; observaciones; uwagi; observații; примечание
category
  Category (CPV) | Catégorie (CPV) | Categoría (CPV) | Kategoria (CPV) | Categorie (CPV) | Категория (CPV)
  category; cpv; cpv code; code cpv; código cpv; kod cpv; cod cpv; код cpv; catégorie; categoría; kategoria;
  categorie; категория
lot
  Lot | Lot n° | Lote | Część | Lot nr. | Лот
  lot number; numéro de lot; lot no; nr części
item
  Line item | Article | Artículo | Pozycja | Articol | Позиция
  item; line; line description; product; désignation; ligne; produit; producto; línea; produkt; linie; produs;
  товар; артикул
quantity *
  Quantity | Quantité | Cantidad | Ilość | Cantitate | Количество
  qty; qté; cant; liczba; кол во; кол-во
unit *
  Unit | Unité | Unidad | Jednostka | Unitate | Единица
  uom; unit of measure; unité de mesure; unidad de medida; j m; jm; jednostka miary; u m; um; unitate de măsură;
  ед; ед изм; единица измерения
target_price
  Target unit price | Prix unitaire cible | Precio unitario objetivo | Docelowa cena jednostkowa |
  Preț unitar țintă | Целевая цена за единицу
  target price; unit price; price; prix cible; prix unitaire; prix; precio objetivo; precio unitario; precio;
  cena docelowa; cena jednostkowa; cena; preț țintă; preț unitar; preț; целевая цена; цена
currency
  Currency | Devise | Moneda | Waluta | Monedă | Валюта
  cur; monnaie; divisa; valută
needed_by
  Needed by | Date souhaitée | Fecha necesaria | Potrzebne do | Necesar până la | Требуется к
  needed on; due; due date; delivery date; date de livraison; échéance; fecha de entrega; termin; data dostawy;
  data livrării; termen; срок; дата поставки
place
  Place of delivery | Lieu de livraison | Lugar de entrega | Miejsce dostawy | Locul livrării | Место поставки
  delivery place; delivery address; site; lieu; lugar; miejsce; loc; место; адрес доставки
""")

SUPPLIER_COLUMNS = _columns("""
name *
  Name | Nom | Nombre | Nazwa | Nume | Название
  supplier; supplier name; company; fournisseur; nom du fournisseur; société; entreprise; proveedor; empresa;
  dostawca; firma; furnizor; companie; denumire; поставщик; компания; наименование
legal_name
  Legal name | Raison sociale | Razón social | Nazwa prawna | Denumire legală | Юридическое название
  registered name; pełna nazwa; denumire juridică; полное наименование
country *
  Country | Pays | País | Kraj | Țară | Страна
  country code; code pays; código de país; kod kraju; cod țară; код страны; tara
vat_number
  VAT number | Numéro de TVA | NIF/IVA | NIP UE | Cod TVA | Номер НДС
  vat; vat id; vat no; tva; n° tva; tva intracommunautaire; iva; nif; cif; nip; cui; cod fiscal; ндс; инн
registration_number
  Registration number | Numéro d'immatriculation | Número de registro | Numer rejestrowy | Număr de înregistrare |
  Регистрационный номер |
  company number; siren; siret; rcs; krs; regon; nr reg com; огрн
email
  E-mail | Courriel | Correo electrónico | Adres e-mail | Adresă de e-mail | Эл. почта
  email; mail; email address; adresse e-mail; correo; почта; электронная почта
phone
  Phone | Téléphone | Teléfono | Telefon | Telefon fix | Телефон
  telephone; phone number; tel; tél; numéro de téléphone; nr telefonu; тел
website
  Website | Site web | Sitio web | Strona internetowa | Site internet | Сайт
  web; url; site; homepage; página web; www; strona www; веб сайт
categories
  Categories (CPV) | Catégories (CPV) | Categorías (CPV) | Kategorie (CPV) | Categorii (CPV) | Категории (CPV)
  categories; category; cpv; cpv codes; codes cpv; catégories; categorías; kategorie; categorii; категории
regions
  Regions | Régions | Regiones | Regiony | Regiuni | Регионы
  region; région; región; zone; регион
street
  Street | Rue | Calle | Ulica | Stradă | Улица
  address; street address; adresse; dirección; adres; adresă; адрес
postal_code
  Postal code | Code postal | Código postal | Kod pocztowy | Cod poștal | Индекс
  postcode; zip; zip code; cp; почтовый индекс
city
  City | Ville | Ciudad | Miasto | Oraș | Город
  town; locality; localité; localidad; miejscowość; localitate
contact_name
  Contact person | Personne de contact | Persona de contacto | Osoba kontaktowa | Persoană de contact |
  Контактное лицо |
  contact; contact name; contacto; kontakt; контакт
language
  Language | Langue | Idioma | Język | Limbă | Язык
  lang
""")

DELIVERY_COLUMNS = _columns("""
supplier *
  Supplier | Fournisseur | Proveedor | Dostawca | Furnizor | Поставщик
  supplier reference; supplier name; vat number; référence fournisseur; référence; numer dostawcy; код поставщика
order_number *
  Order number | Numéro de commande | Número de pedido | Numer zamówienia | Număr comandă | Номер заказа
  order; purchase order; po; po number; commande; pedido; zamówienie; comandă; заказ
line
  Line | Ligne | Línea | Pozycja | Poziție | Позиция
  position; item; pos
category
  Category | Catégorie | Categoría | Kategoria | Categorie | Категория
  cpv; cpv code
due_on *
  Due on | Due le | Prevista el | Termin | Scadentă la | Срок
  due; due date; committed on; date prévue; échéance; fecha prevista; termin dostawy; data scadenței; срок поставки
delivered_on
  Delivered on | Livrée le | Entregada el | Dostarczono | Livrată la | Поставлено
  delivered; delivery date; livrée; date de livraison; fecha de entrega; data dostawy; data livrării; дата поставки
ordered *
  Ordered | Commandé | Pedido cantidad | Zamówiono | Comandat | Заказано
  quantity ordered; quantité commandée; cantidad pedida; ilość zamówiona; cantitate comandată; заказано штук
received
  Received | Reçu | Recibido | Otrzymano | Primit | Получено
  quantity received; quantité reçue; cantidad recibida; ilość otrzymana; cantitate primită
rejected
  Rejected | Refusé | Rechazado | Odrzucono | Respins | Забраковано
  quantity rejected; quantité refusée; cantidad rechazada; ilość odrzucona; cantitate respinsă; брак
amount
  Amount | Montant | Importe | Kwota | Sumă | Сумма
  net; value; montant net; valeur; importe neto; wartość; valoare; стоимость
currency
  Currency | Devise | Moneda | Waluta | Monedă | Валюта
  coin; devise iso
""")

ORDER_COLUMNS = _columns("""
customer *
  Customer | Client | Cliente | Klient | Client (referință) | Клиент
  customer reference; customer name; référence client; klient nr; клиент номер
number *
  Order | Commande | Pedido | Zamówienie | Comandă | Заказ
  order number; no; n° commande; numero; nr; номер заказа
line
  Line | Ligne | Línea | Pozycja | Linie | Строка
  position; pos; item
ordered_on *
  Date | Date de commande | Fecha | Data | Data comenzii | Дата
  order date; ordered on; fecha de pedido
product
  Product | Produit | Producto | Produkt | Produs | Товар
  article; item name; référence produit
quantity
  Quantity | Quantité | Cantidad | Ilość | Cantitate | Количество
  qty; qté
net *
  Net value | Valeur nette | Valor neto | Wartość netto | Valoare netă | Сумма без НДС
  net; amount; value; montant ht
currency *
  Currency | Devise | Moneda | Waluta | Monedă | Валюта
  cur; ccy
needed_on
  Wanted by | Souhaité le | Deseado para | Potrzebne do | Dorit până la | Нужно к
  delivery date; date de livraison; needed on
""")
