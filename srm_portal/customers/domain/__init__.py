"""Rules of customers: records, opportunities, analysis. Pure."""
