// The sound: one audio element, kept alive, and where in the stream it is.

const connectMillisecondsMax = 15000;
const stallMillisecondsMax = 8000;
const steadyMilliseconds = 20000;
const backoffMilliseconds = [500, 1000, 2000, 4000, 8000, 15000, 30000];
const returnMilliseconds = 2000;
const mapRefreshMilliseconds = 10000;

/** 128 random bits in hex: the name of one try to listen. */
function freshListenerID() {
  const bits = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bits, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Plays `root`all.mp3 and says in `state` how it goes: stopped, connecting, buffering, playing, waiting (to try again).
 * `changed()` is called whenever that changes, `served(base)` when it is known who serves the sound.
 */
export class Listening {
  constructor(root, changed, served) {
    this.root = root;
    this.changed = changed;
    this.served = served;
    this.state = "stopped";
    this.trouble = "";
    this.audio = new Audio();
    this.audio.preload = "none";
    this.tries = 0;
    this.id = null;
    this.map = null;
    this.askedAt = 0;
    this.movedAt = 0;
    this.lastTime = 0;
    for (const name of ["error", "ended"]) this.audio.addEventListener(name, () => this.lost());
    this.audio.addEventListener("playing", () => this.locate(this.id));
    setInterval(() => this.watch(), 500);
  }

  get wanted() { return this.state !== "stopped"; }

  toggle() { if (this.wanted) this.stop(); else this.start(); }

  start() {
    this.tries = 0;
    this.connect("connecting");
  }

  /** Drops the source: a paused stream would only grow old. */
  stop() {
    this.drop();
    this.become("stopped");
  }

  drop() {
    clearTimeout(this.retry);
    this.id = null;
    this.map = null;
    this.audio.pause();
    this.audio.removeAttribute("src");
    this.audio.load();
  }

  connect(state) {
    this.drop();
    this.id = freshListenerID();
    this.startedAt = this.movedAt = performance.now();
    this.lastTime = 0;
    this.audio.src = new URL("all.mp3?listener=" + this.id, this.root);
    this.become(state);
    const id = this.id;
    this.audio.play().catch((problem) => {
      if (id !== this.id) return;
      // Without a gesture the browser refuses the first play: wait for the listener's hand.
      if (problem.name === "NotAllowedError") this.stop();
      else this.lost();
    });
  }

  /** The connection is gone: try again, each time a little later, under a fresh name. */
  async lost() {
    if (!this.id) return;
    this.drop();
    const wait = backoffMilliseconds[Math.min(this.tries++, backoffMilliseconds.length - 1)] * (0.75 + Math.random() / 2);
    this.become("waiting");
    this.retry = setTimeout(() => this.connect("waiting"), wait);
    if (this.tries > 1) await this.askWhy();
  }

  /** The station was heard from again: no need to sit out a long wait. */
  hurry() {
    if (this.state !== "waiting" || this.id) return;
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.connect("waiting"), Math.random() * returnMilliseconds);
  }

  /** An audio element tells no status, so the same address is asked once for its head. */
  async askWhy() {
    const reply = await fetch(new URL("all.mp3", this.root), { method: "HEAD", cache: "no-store" }).catch(() => null);
    if (this.state !== "waiting") return;
    const later = Number(reply?.headers.get("Retry-After") ?? 0);
    if (reply?.status === 503) this.trouble = later ? `Full house: try again in ${later} s` : "Full house: trying again soon";
    else this.trouble = reply ? "" : "Reconnecting: the station does not answer…";
    this.changed();
  }

  become(state) {
    if (state !== "waiting") this.trouble = "";
    if (state === this.state) return;
    this.state = state;
    this.changed();
  }

  /** Twice a second: has the sound moved? */
  watch() {
    if (!this.id) return;
    const now = performance.now();
    const time = this.audio.currentTime;
    if (time > this.lastTime) {
      this.lastTime = time;
      this.movedAt = now;
      if (this.state !== "playing") this.startedAt = now;
      this.become("playing");
      if (now - this.startedAt > steadyMilliseconds) this.tries = 0;
      if (now - this.askedAt > mapRefreshMilliseconds) this.locate(this.id);
      return;
    }
    const still = now - this.movedAt;
    if (this.state === "playing" && still > 1200) this.become("buffering");
    if (still > (time > 0 ? stallMillisecondsMax : connectMillisecondsMax)) this.lost();
  }

  /** Asks where this connection's bytes come from; behind a redirect, the relay knows. */
  async locate(id) {
    this.askedAt = performance.now();
    let base = this.map?.base ?? this.root;
    for (let asked = 0; asked < 5 && id === this.id; asked++) {
      const reply = await fetch(new URL("listeners/" + id, base), { cache: "no-store" }).catch(() => null);
      const answer = reply?.ok ? await reply.json().catch(() => null) : null;
      if (id !== this.id) return;
      if (answer?.at) {
        base = answer.at.endsWith("/") ? answer.at : answer.at + "/";
      } else if (answer?.segments?.length) {
        this.map = { ...answer, base };
        this.served(base);
        this.changed();
        return;
      } else {
        await pause(700);
      }
    }
  }

  /** The stream position that sounds now, of `epoch`; null when it is not known. */
  position(epoch) {
    if (!this.map || this.map.epoch !== epoch) return null;
    const heard = this.audio.currentTime * this.map.byteRate;
    let segment = this.map.segments[0];
    for (const later of this.map.segments) if (later.sent <= heard) segment = later;
    return segment.position + (heard - segment.sent);
  }
}
