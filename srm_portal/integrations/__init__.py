"""Other systems: a CRM kept in step, webhooks in and out, what programs read of customers' business."""
