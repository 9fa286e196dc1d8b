"""A checkpoint that somebody brings back."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from srm_portal.web.forms import PortalForm, TextAreaField, at_most, required

NOTE_MAX = 4_000


class CheckpointForm(PortalForm):
    note = TextAreaField(_l("A checkpoint you kept"), [required(), at_most(NOTE_MAX)])

    def as_note(self) -> str:
        """The note as it was issued: a mail program may have changed line ends and blanks around it."""
        lines = [line.strip() for line in (self.note.data or "").strip().splitlines()]
        return "\n".join(lines) + "\n"
