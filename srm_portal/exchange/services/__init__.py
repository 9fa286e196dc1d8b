"""Files that come in: each import is all or nothing in one transaction, or, on request, the good rows of it."""

from srm_portal.exchange.services.categories import import_categories
from srm_portal.exchange.services.customers import import_cards, import_customers, import_orders
from srm_portal.exchange.services.deliveries import import_deliveries
from srm_portal.exchange.services.needs import import_needs
from srm_portal.exchange.services.ocds import import_ocds
from srm_portal.exchange.services.suppliers import import_suppliers
from srm_portal.exchange.services.uploads import drop_upload, keep_upload

__all__ = [
    "drop_upload",
    "import_cards",
    "import_categories",
    "import_customers",
    "import_deliveries",
    "import_needs",
    "import_ocds",
    "import_orders",
    "import_suppliers",
    "keep_upload",
]
