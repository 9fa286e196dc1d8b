"""Step 1 the need; the project that carries the six steps; RFx events, lots, timetable, clarifications."""
