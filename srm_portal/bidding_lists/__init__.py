"""Steps 2 and 3: candidates, shortlist, waivers, the bidding list, invitations and what suppliers see of an event."""
