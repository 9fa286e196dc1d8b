"""Sentences of refused files."""

from flask_babel import lazy_gettext as _l

SENTENCES = {
    "file_missing": _l("Choose a file first."),
    "file_empty": _l("The file is empty."),
    "file_too_large": _l("The file has %(size)s bytes; at most %(size_max)s are accepted."),
    "type_not_allowed": _l(
        "Files of the type “%(extension)s” are not accepted. Hand in PDF, office, text, picture, drawing or ZIP files."
    ),
    "macros_not_allowed": _l("The file holds macros. Save it without them, for example as .docx or .xlsx."),
    "program": _l("Programs are not accepted, also not inside an archive."),
    "active_content": _l("The file holds parts that could run by themselves. Save it without them."),
    "content_differs_from_name": _l("The content is not what the name ending “%(extension)s” says. Save it again."),
    "two_types_in_one": _l("The file is two kinds of file in one. Save it again from its program."),
    "embedded_object": _l("“%(name)s” in the file is an embedded object. Hand it in as a file of its own."),
    "fetches_from_outside": _l("The file fetches content from elsewhere. Save it with everything inside."),
    "xml_with_doctype": _l("“%(name)s” in the file is written in a way that is not accepted. Save the file again."),
    "archive_damaged": _l("The file is damaged. Save or pack it again."),
    "archive_encrypted": _l("The file is protected by a password, so it cannot be checked. Hand it in without."),
    "archive_unusual": _l("“%(name)s” in the archive is packed in an unusual way. Pack it again as a plain ZIP file."),
    "archive_too_deep": _l("Archives may lie at most %(depth_max)s deep in each other."),
    "too_many_entries": _l("The archive holds more than %(entries_max)s files."),
    "unpacks_too_large": _l("Unpacked, the file would be larger than %(unpacked_max)s bytes."),
    "unpacks_too_much": _l("The file unpacks to more than %(ratio_max)s times its size, which is not accepted."),
    "pdf_damaged": _l("The PDF is damaged. Print it to a PDF again."),
    "pdf_unusual": _l("The PDF is written in a way that cannot be checked. Print it to a PDF again."),
    "picture_damaged": _l("The picture is damaged. Save it again."),
    "picture_too_large": _l("The picture has %(width)s × %(height)s points; at most %(pixels_max)s are accepted."),
    "name_empty": _l("The file has no name."),
    "name_too_long": _l("The file's name is too long: at most %(length_max)s characters."),
    "name_has_path": _l("The file's name holds a path. Rename the file."),
    "name_has_control": _l("The file's name holds characters that cannot be shown. Rename the file."),
    "name_has_direction": _l("The file's name holds characters that turn the reading direction. Rename the file."),
    "name_has_invisible": _l("The file's name holds invisible characters. Rename the file."),
    "name_has_forbidden": _l("The file's name holds one of < > : \" | ? *. Rename the file."),
    "name_reserved": _l("The file's name is reserved by an operating system. Rename the file."),
    "name_ends_badly": _l("The file's name begins or ends with a blank or ends with a dot. Rename the file."),
}
ACTS = {
    "file.stored": _l("added a file"),
    "file.removed": _l("removed a file"),
    "file.handed_over": _l("took files over"),
}
