"""The clause library and the Word templates."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from srm_portal.contracts import queries, services
from srm_portal.contracts.forms import EntryForm, LibraryTextForm, TemplateForm
from srm_portal.contracts.services.library import LANGUAGES
from srm_portal.contracts.views.blueprint import Answer, bp, given
from srm_portal.documents import queries as documents
from srm_portal.kernel.errors import NotFound
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.forms import ActForm
from srm_portal.web.guard import requires
from srm_portal.web.templating import LANGUAGE_NAMES


def _index(template_form: TemplateForm | None = None, status: int = 200) -> Answer:
    actor = current_actor()
    page = render_template(
        "contracts/library.html",
        entries=queries.entries(actor.organisation_id),
        templates=queries.templates(actor),
        template_form=template_form or TemplateForm(formdata=None),
        language=actor.language,
    )
    return page, status


@bp.get("/contracts/library")
@requires("contract:read")
def library() -> Answer:
    return _index()


def _entry(key: str, entry_form: EntryForm | None = None, text_form: LibraryTextForm | None = None) -> Answer:
    actor = current_actor()
    entry = queries.entry(actor.organisation_id, key)
    text_form = text_form or LibraryTextForm(formdata=None, language=actor.language)
    text_form.language.choices = [(code, LANGUAGE_NAMES[code]) for code in LANGUAGES]
    return render_template(
        "contracts/library_entry.html",
        entry=entry,
        texts=queries.texts(actor.organisation_id, key),
        entry_form=entry_form or EntryForm(formdata=None, obj=entry, kinds=sorted(entry.kinds), active=True),
        text_form=text_form,
    )


@bp.get("/contracts/library/<key>")
@requires("contract:read")
def library_entry(key: str) -> Answer:
    return _entry(key)


@bp.route("/contracts/library/new", methods=["GET", "POST"])
@requires("contract:edit")
def new_entry() -> Answer:
    form = EntryForm()
    if form.apply(lambda: _save_entry(form, form.key.data or "")):
        return redirect(url_for("contracts.library_entry", key=form.key.data))
    page = render_template("contracts/library_new.html", form=form)
    return page, 422 if form.is_submitted() else 200


def _save_entry(form: EntryForm, key: str) -> None:
    services.save_entry(
        current_actor(),
        key,
        kinds=form.kinds.data or [],
        value_from=form.value_from.data,
        category=form.category.data or "",
        risk=form.risk.data or "",
        active=form.active.data,
        version=form.seen_version,
        now=request_now(),
    )


@bp.post("/contracts/library/<key>")
@requires("contract:edit")
def save_entry(key: str) -> Answer:
    form = EntryForm()
    form.key.data = key
    if form.apply(lambda: _save_entry(form, key)):
        flash(_("Saved."), "success")
        return redirect(url_for("contracts.library"))
    return _entry(key, entry_form=form), 422


@bp.post("/contracts/library/<key>/texts")
@requires("contract:edit")
def save_wording(key: str) -> Answer:
    form = LibraryTextForm()
    form.language.choices = [(code, LANGUAGE_NAMES[code]) for code in LANGUAGES]

    def act() -> None:
        services.save_wording(
            current_actor(),
            key,
            language=form.language.data,
            variant=form.variant.data,
            title=form.title.data or "",
            text=form.text.data or "",
            now=request_now(),
        )

    if form.apply(act):
        flash(_("Saved as a new version of this wording; contracts drafted before keep theirs."), "success")
        return redirect(url_for("contracts.library_entry", key=key))
    return _entry(key, text_form=form), 422


@bp.post("/contracts/templates")
@requires("contract:edit")
def add_template() -> Answer:
    form = TemplateForm()

    def act() -> None:
        services.add_template(
            current_actor(),
            name=form.name.data or "",
            kind=form.kind.data,
            upload=given(form.upload.data),
            now=request_now(),
        )

    if form.apply(act):
        flash(_("The template was tried with sample values and is ready."), "success")
        return redirect(url_for("contracts.library"))
    return _index(template_form=form, status=422)


@bp.get("/contracts/templates/<template_id>")
@requires("contract:read")
def template_file(template_id: str) -> Answer:
    actor = current_actor()
    template = queries.template_for(actor, template_id)
    return documents.download(documents.file_of("contract_template", actor.organisation_id, template.file_id))


@bp.post("/contracts/templates/<template_id>/retire")
@requires("contract:edit")
def retire_template(template_id: str) -> Answer:
    if not ActForm().validate_on_submit():
        raise NotFound
    services.retire_template(current_actor(), template_id, now=request_now())
    return redirect(url_for("contracts.library"))
