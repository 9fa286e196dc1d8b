"""The tables of this room."""

from srm_portal.suppliers.models.onboarding import (
    BankAccount,
    Certificate,
    Questionnaire,
    QuestionnaireAnswer,
    Registration,
    SupplierSettings,
)
from srm_portal.suppliers.models.registry import (
    Category,
    Performance,
    Qualification,
    Supplier,
    SupplierCategory,
    SupplierContact,
    SupplierRegion,
)

__all__ = [
    "BankAccount",
    "Category",
    "Certificate",
    "Performance",
    "Qualification",
    "Questionnaire",
    "QuestionnaireAnswer",
    "Registration",
    "Supplier",
    "SupplierCategory",
    "SupplierContact",
    "SupplierRegion",
    "SupplierSettings",
]
