"""Forms of this room."""

from srm_portal.suppliers.forms.onboarding import (
    AccountForm,
    CertificateForm,
    CheckForm,
    EntryForm,
    EvidenceForm,
    OpenRegistrationForm,
    ProposalForm,
    QuestionForm,
    QuestionnaireForm,
    RegistrationForm,
    SendForm,
    StartForm,
)
from srm_portal.suppliers.forms.registry import (
    AskForm,
    ContactForm,
    DecideForm,
    InviteForm,
    OwnSupplierForm,
    PerformanceForm,
    SupplierForm,
)

__all__ = [
    "AccountForm",
    "AskForm",
    "CertificateForm",
    "CheckForm",
    "ContactForm",
    "DecideForm",
    "EntryForm",
    "EvidenceForm",
    "InviteForm",
    "OpenRegistrationForm",
    "OwnSupplierForm",
    "PerformanceForm",
    "ProposalForm",
    "QuestionForm",
    "QuestionnaireForm",
    "RegistrationForm",
    "SendForm",
    "StartForm",
    "SupplierForm",
]
