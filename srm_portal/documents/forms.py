"""The form that hands in a file, and what is said about one."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import StringField
from wtforms.validators import Length

from srm_portal.web.forms import PortalForm

REMARKS = {
    "encrypted": _l("encrypted"),
    "embedded_files": _l("holds other files"),
    "external_links": _l("links to outside"),
}


class UploadForm(PortalForm):
    file = FileField(
        _l("File"),
        description=_l("PDF, Word, Excel, PowerPoint, OpenDocument, text, picture, DWG, STEP or ZIP; no macros."),
    )
    note = StringField(_l("What it is"), [Length(max=500)])
