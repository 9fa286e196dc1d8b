"""Step 6: drafting, approval, signature, obligations, renewals."""
