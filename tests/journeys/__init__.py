"""Real browsers on a real serving process: whole journeys and every page of the demonstration."""
