// A bid is kept here before it is sent, until the server has answered; it survives a reload and a closed browser.
const FRESH_MS = 30000;

export function outbox(auction) {
  const name = `srm-outbox:${auction}`;
  let memory = null; // where storing is forbidden, at least this page remembers
  const read = () => {
    try { return JSON.parse(localStorage.getItem(name)) ?? memory; } catch { return memory; }
  };
  const write = (held) => {
    memory = held;
    try { if (held) localStorage.setItem(name, JSON.stringify(held)); else localStorage.removeItem(name); } catch { /* memory has it */ }
  };
  return {
    keep: (bid) => write({ ...bid, at: Date.now() }),
    held: () => read(),
    drop: (requestId) => { if (read()?.requestId === requestId) write(null); },
    isFresh: (held) => Date.now() - held.at < FRESH_MS,
  };
}
