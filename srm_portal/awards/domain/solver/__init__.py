"""The mixed-integer solver and the model it is given. Nothing else in the portal imports the solver's library."""
