"""The tables of this room."""

from srm_portal.suppliers.models.onboarding import (
    BankAccount,
    Certificate,
    Disqualification,
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
from srm_portal.suppliers.models.sharing import (
    Meeting,
    Publication,
    SharedMessage,
)
from srm_portal.suppliers.models.standing import (
    CategoryRating,
    Delivery,
    ImprovementPlan,
    PlanTask,
    RiskFlag,
    Survey,
)

__all__ = [
    "BankAccount",
    "Category",
    "CategoryRating",
    "Certificate",
    "Delivery",
    "Disqualification",
    "ImprovementPlan",
    "Meeting",
    "Performance",
    "PlanTask",
    "Publication",
    "Qualification",
    "Questionnaire",
    "QuestionnaireAnswer",
    "Registration",
    "RiskFlag",
    "SharedMessage",
    "Supplier",
    "SupplierCategory",
    "SupplierContact",
    "SupplierRegion",
    "SupplierSettings",
    "Survey",
]
