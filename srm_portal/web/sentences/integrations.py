"""Sentences of webhooks, the CRM and the interface."""

from flask_babel import lazy_gettext as _l

SENTENCES = {
    "url_wrong": _l("“%(value)s” is not an address of the form https://host/path."),
    "https_needed": _l(
        "The address must begin with https://. Inside your own network, list the host in SRM_INTERNAL_HOSTS."
    ),
    "address_internal": _l(
        "This address lies inside a network. If it is meant to, list the host in SRM_INTERNAL_HOSTS of the installation."
    ),
    "name_unknown": _l("No server has this name. Check the address."),
    "no_connection": _l("The server did not take the connection."),
    "tls_failed": _l("The server's certificate is not valid for this address."),
    "too_slow": _l("The server did not answer in time."),
    "answer_too_long": _l("The server answered more than was asked for."),
    "target_paused": _l("The target is paused."),
    "target_removed": _l("The target was removed."),
    "already_queued": _l("The message is on its way already."),
    "headers_missing": _l("The message lacks webhook-id, webhook-timestamp or webhook-signature."),
    "timestamp_wrong": _l("webhook-timestamp is not a number of seconds."),
    "too_old": _l("The message was signed more than five minutes ago. Sign it anew when sending again."),
    "too_new": _l("The message was signed in the future. Set the sender's clock."),
    "signature_wrong": _l("No signature fits. Check the secret of this source."),
    "message_changed": _l(
        "A message with this id and other content came before. Give the new message an id of its own."
    ),
    "source_without_person": _l(
        "The person in whose name the system acts may not change customers any more. Choose another one."
    ),
    "crm_has_links": _l("Records are linked with this database already; another one cannot take its place."),
    "crm_unreachable": _l("The CRM does not answer. Nothing was lost: the run is tried again by itself."),
    "crm_slow": _l("The CRM answers too slowly. Nothing was lost: the run is tried again by itself."),
    "crm_login": _l("The CRM refused user name and password. Correct them in the connection."),
    "crm_database": _l("The CRM knows no such database. Correct it in the connection."),
    "crm_rubbish": _l(
        "The CRM answered something that cannot be read. Check that the address is really that of the CRM."
    ),
    "crm_refused": _l("The CRM refused this record. Correct what it says, then run again."),
    "crm_party_missing": _l("The customer is not in the CRM yet. Look at its own line in the log."),
    "crm_gone_here": _l("The record is gone here."),
}
ACTS = {
    "webhook_target.added": _l("added a webhook"),
    "webhook_target.changed": _l("changed a webhook"),
    "webhook_target.secret_renewed": _l("renewed the secret of a webhook"),
    "webhook_target.removed": _l("removed a webhook"),
    "webhook_target.tested": _l("sent a test message"),
    "webhook_delivery.replayed": _l("sent a message again"),
    "webhook_source.added": _l("added a source of messages"),
    "webhook_source.removed": _l("removed a source of messages"),
    "webhook_message.received": _l("took a message in"),
    "crm.connected": _l("set up the CRM"),
    "crm.mapped": _l("changed which fields go where"),
    "crm.paused": _l("paused the CRM"),
    "crm.resumed": _l("resumed the CRM"),
    "crm.run_asked": _l("asked for a run of the CRM"),
}
