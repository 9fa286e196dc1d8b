// The server's time on this page: 5 to 7 echoes on joining, the fastest is kept, repeated each minute.
export class ServerClock {
  offset = 0; // server minus ours, ms
  error = Infinity; // half of the kept round trip, ms
  #start = Date.now() - performance.now();

  local() { return this.#start + performance.now(); } // does not jump when the machine's clock is set

  sample(sentAt, serverMs, receivedAt) {
    const error = (receivedAt - sentAt) / 2;
    if (error > this.error) return;
    this.error = error;
    this.offset = serverMs - (sentAt + receivedAt) / 2;
  }

  // A rough start from the page itself: the moment it was rendered.
  seed(serverMs) {
    if (this.error === Infinity) this.offset = serverMs - this.local();
  }

  // `echo` resolves to the server's milliseconds.
  async measure(echo, rounds = 6) {
    this.error = Infinity;
    for (let round = 0; round < rounds; round += 1) {
      const sentAt = this.local();
      this.sample(sentAt, await echo(), this.local());
    }
    dispatchEvent(new CustomEvent("srm:clock", { detail: { offset: this.offset, error: this.error } }));
  }

  now() { return this.local() + this.offset; }
}

export const serverClock = new ServerClock();
