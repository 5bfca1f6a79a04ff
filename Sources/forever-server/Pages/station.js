// What the station says: the timeline, where live is now, how many listen.
// Positions are byte numbers of the stream; times are milliseconds of performance.now().

const clockSamples = 4;
const eventsSilenceMillisecondsMax = 20000;

/** Follows a station from `root` (a URL); `changed()` is called after every piece of news, `returned()` when it answers again. */
export class Station {
  constructor(root, changed, returned) {
    this.root = root;
    this.base = root;
    this.changed = changed;
    this.returned = returned;
    this.timeline = null;
    this.listenerCount = null;
    this.heardFrom = false;
    this.serverOffset = null;
    this.anchor = null;
    this.lastNews = performance.now();
  }

  async start() {
    this.openEvents(this.root);
    setInterval(() => this.checkEvents(), 5000);
    await Promise.allSettled([this.loadTimeline(), this.measureClock()]);
  }

  async loadTimeline() {
    const reply = await fetch(new URL("all.json", this.root), { cache: "no-store" });
    if (!reply.ok) throw new Error("all.json answers " + reply.status);
    this.takeTimeline(await reply.json());
  }

  takeTimeline(timeline) {
    this.timeline = timeline;
    this.takeLive(timeline);
  }

  /** The clock's offset from the reply that came back fastest. */
  async measureClock() {
    let fastest = Infinity;
    for (let n = 0; n < clockSamples; n++) {
      const sent = performance.now();
      const reply = await fetch(new URL("timing.json", this.root), { cache: "no-store" });
      const arrived = performance.now();
      const timing = await reply.json();
      if (arrived - sent < fastest) {
        fastest = arrived - sent;
        const middle = (sent + arrived) / 2;
        this.serverOffset = timing.serverTimeMilliseconds - middle;
        this.anchor = { at: middle, position: timing.livePosition };
      }
    }
    this.changed();
  }

  takeLive(news) {
    const now = performance.now();
    // News is never from the future; without a measured clock it counts from its arrival.
    const at = this.serverOffset === null ? now : Math.min(now, news.serverTimeMilliseconds - this.serverOffset);
    this.anchor = { at, position: news.livePosition };
    if (this.timeline && news.epoch === this.timeline.epoch) {
      this.timeline.mixingEdgePosition = news.mixingEdgePosition;
    }
    const returned = !this.heardFrom;
    this.heardFrom = true;
    this.changed();
    if (returned) this.returned();
  }

  /** The position that a listener at zero distance hears now; null before any news. */
  livePosition() {
    if (!this.anchor || !this.timeline) return null;
    const since = (performance.now() - this.anchor.at) / 1000 * this.timeline.byteRate;
    return Math.min(this.anchor.position + since, Math.max(this.timeline.mixingEdgePosition, this.anchor.position));
  }

  /** Moves the subscription to whoever serves this page's sound, so that it burdens nobody else. */
  follow(base) {
    if (base.toString() !== this.base.toString()) this.openEvents(base);
  }

  openEvents(base) {
    this.events?.close();
    this.base = base;
    this.lastNews = performance.now();
    const events = new EventSource(new URL("events", base));
    const on = (name, take) => events.addEventListener(name, (event) => {
      if (events !== this.events) return;
      this.lastNews = performance.now();
      take(JSON.parse(event.data));
    });
    on("timeline", (timeline) => this.takeTimeline(timeline));
    on("live", (live) => {
      if (live.epoch !== this.timeline?.epoch) this.loadTimeline().catch(() => {});
      else this.takeLive(live);
    });
    on("listeners", (news) => { this.listenerCount = news.listenerCount; this.changed(); });
    events.addEventListener("error", () => { this.heardFrom = false; this.changed(); });
    this.events = events;
  }

  checkEvents() {
    if (performance.now() - this.lastNews > eventsSilenceMillisecondsMax) this.openEvents(this.root);
  }

  /** The place of `position` among the tracks: { track, next, previous, blendIn, blendOut }, or null. */
  placeOf(position) {
    const tracks = this.timeline?.tracks ?? [];
    if (position === null || tracks.length === 0) return null;
    let n = 0;
    while (n + 1 < tracks.length && tracks[n + 1].titlePosition <= position) n++;
    const track = tracks[n];
    const between = (a, b) => (this.timeline.transitions ?? [])
      .find((transition) => transition.from === a?.index && transition.to === b?.index);
    return {
      track, next: tracks[n + 1] ?? null, previous: tracks.slice(0, n).reverse(),
      blendIn: between(tracks[n - 1], track), blendOut: between(track, tracks[n + 1]),
    };
  }
}
