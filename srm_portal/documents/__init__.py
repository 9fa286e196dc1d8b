"""Files, versions, checksums, scanning, retention."""
