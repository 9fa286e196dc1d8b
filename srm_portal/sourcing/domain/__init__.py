"""Rules of needs, stages and RFx events: pure."""
