"""The pure auction engine: rules, commands, events, state, `decide`, `evolve`, views and replay."""
