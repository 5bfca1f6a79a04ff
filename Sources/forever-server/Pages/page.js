// Joins the station's news and the sound to the page.
import { Station } from "./station.js";
import { Listening } from "./listening.js";

const root = new URL(".", location.href);
const $ = (id) => document.getElementById(id);
const station = new Station(root, draw, () => listening.hurry());
const listening = new Listening(root, draw, (base) => station.follow(base));

/** What sounds at this listener, else what is live. */
function shownPosition() {
  const epoch = station.timeline?.epoch;
  return (listening.wanted ? listening.position(epoch) : null) ?? station.livePosition();
}

function minutes(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  return Math.floor(whole / 60) + ":" + String(whole % 60).padStart(2, "0");
}

/** Writes only what differs, so that nothing is laid out or announced twice. */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function words(place) {
  switch (listening.state) {
    case "connecting": return "Connecting…";
    case "buffering": return "Buffering…";
    case "waiting": return listening.trouble || "Reconnecting…";
  }
  if (!station.timeline) return "Connecting…";
  if (!place) return "The station is quiet";
  if (!station.heardFrom && listening.state === "stopped") return "Reconnecting…";
  return listening.state === "playing" ? "Now" : "On air now";
}

/** A hue that belongs to this text, 0 to 359. */
function hueOf(text) {
  let hash = 2166136261;
  for (const unit of text) hash = Math.imul(hash ^ unit.codePointAt(0), 16777619);
  // Neighbouring names must not get neighbouring hues: one more round of mixing.
  hash = Math.imul(hash ^ (hash >>> 15), 2246822519);
  return ((hash ^ (hash >>> 13)) >>> 0) % 360;
}

/** The picture of a track without one: rings in its own hue, as many as its tempo asks for. */
function drawnCover(track) {
  const hue = hueOf(track.id), rings = 3 + Math.round((track.tempoBPM ?? 120) / 30);
  let shapes = `<rect width="100" height="100" fill="oklch(38% .1 ${hue})"/>`;
  for (let n = rings; n > 0; n--) {
    const light = 38 + 42 * (rings - n + 1) / rings;
    const x = 50 + 9 * Math.cos(hue + n), y = 50 + 9 * Math.sin(hue * 2 + n);
    shapes += `<circle cx="${x}" cy="${y}" r="${8 + 52 * n / rings}" fill="oklch(${light}% .12 ${(hue + 50 * n / rings) % 360})"/>`;
  }
  const box = document.createElement("div");
  box.innerHTML = `<svg viewBox="0 0 100 100" preserveAspectRatio="xMidYMid slice" aria-hidden="true">${shapes}</svg>`;
  return box.firstChild;
}

function coverOf(track, onload) {
  if (!track.cover) return drawnCover(track);
  const image = new Image();
  image.alt = "";
  image.onerror = () => image.replaceWith(drawnCover(track));
  if (onload) image.onload = () => onload(image);
  image.src = new URL(track.cover.replace(/^\//, ""), root);
  return image;
}

/** The strongest hue of a picture (OKLCH has no simple inverse: the HSL hue, turned to match). */
function hueOfImage(image) {
  const side = 12, canvas = document.createElement("canvas");
  canvas.width = canvas.height = side;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(image, 0, 0, side, side);
  const pixels = context.getImageData(0, 0, side, side).data;
  let x = 0, y = 0;
  for (let n = 0; n < pixels.length; n += 4) {
    const [r, g, b] = pixels.subarray(n, n + 3);
    x += r - (g + b) / 2;
    y += (g - b) * Math.sqrt(3) / 2;
  }
  return Math.hypot(x, y) < side * side * 2 ? null : (Math.atan2(y, x) * 180 / Math.PI + 385) % 360;
}

function tint(hue) {
  if (hue !== null) document.documentElement.style.setProperty("--hue", hue.toFixed(0));
}

/** "A · B · C" of what is known. */
const joined = (...parts) => parts.filter(Boolean).join(" · ");

function named(element, text, link) {
  const safe = /^https?:\/\//.test(link ?? "");
  const current = element.firstChild;
  if (current?.textContent === text && (current.href ?? null) === (safe ? new URL(link).href : null)) return;
  const inner = document.createElement(safe ? "a" : "span");
  inner.textContent = text;
  if (safe) Object.assign(inner, { href: link, target: "_blank", rel: "noopener noreferrer" });
  element.replaceChildren(inner);
}

/** To whom a track is owed: "Uploader on Source"; nothing where nobody asks for that. */
const owed = (track) => track.source ? [track.uploader, track.source].filter(Boolean).join(" on ") : "";

/** How a blend went, as it was measured, in words for listeners; nothing where nothing can be said. */
function measured(blend) {
  const report = blend?.report;
  if (!report || report.unheard) return "";
  if (report.beatMedianMilliseconds !== null) {
    const apart = Math.round(report.beatMedianMilliseconds);
    return `Blended on the beat, ${apart < 1 ? "less than 1" : apart} ms apart`;
  }
  const { dipLoudnessUnits: dip, bumpLoudnessUnits: bump, levelStepLoudnessUnits: step } = report;
  if (dip === null || bump === null || step === null) return "";
  return `Faded, the level within ${Math.max(1, Math.ceil(Math.max(-dip, bump, Math.abs(step))))} dB`;
}

function entry(track, ...notes) {
  const row = document.createElement("div");
  row.className = "entry";
  const picture = document.createElement("div");
  picture.className = "picture";
  picture.append(coverOf(track));
  const text = document.createElement("div"), title = document.createElement("p");
  named(title, track.title, track.link);
  text.append(title);
  for (const note of [joined(notes[0], owed(track)), ...notes.slice(1)].filter(Boolean)) {
    const soft = document.createElement("p");
    soft.className = "soft";
    soft.textContent = note;
    text.append(soft);
  }
  row.append(picture, text);
  return row;
}

let shownTrack, shownLists;

function showTrack(track) {
  const key = JSON.stringify([track.id, track.title, track.artist, track.cover, owed(track)]);
  if (key === shownTrack) return;
  shownTrack = key;
  write($("title"), track.title);
  named($("artist"), track.artist ?? "", track.link);
  write($("facts"), joined(track.genre, track.tempoBPM && `${track.tempoBPM.toFixed(0)} BPM`, track.key));
  $("credit").hidden = !owed(track);
  named($("credit"), owed(track), track.link);
  tint(hueOf(track.id));
  $("cover").replaceChildren(coverOf(track, (image) => tint(hueOfImage(image))));
  if ("mediaSession" in navigator) {
    navigator.mediaSession.metadata = new MediaMetadata({
      title: track.title, artist: track.artist ?? "", album: track.album ?? (owed(track) || null) ?? station.timeline.name ?? "forever",
      artwork: track.cover ? [{ src: new URL(track.cover.replace(/^\//, ""), root).href }] : [],
    });
  }
}

function showLists(place, byteRate) {
  const blend = place.blendOut;
  const key = JSON.stringify([place.track.index, place.next, blend, place.blendIn, place.previous.length]);
  if (key === shownLists) return;
  shownLists = key;
  if (place.next) {
    const length = blend && (blend.endPosition - blend.startPosition) / byteRate;
    const how = length > 0 ? `${Math.round(length)} s ${blend.kind === "beatMatched" ? "blend on the beat" : "fade"}` : "";
    $("next").replaceChildren(entry(place.next, joined(place.next.artist,
      place.next.tempoBPM && `${place.next.tempoBPM.toFixed(0)} BPM`, place.next.key, how)));
    for (const words of [place.next.why?.words, blend?.reason].filter(Boolean)) {
      const why = document.createElement("p");
      why.className = "none";
      why.textContent = words;
      $("next").append(why);
    }
  } else {
    const none = document.createElement("p");
    none.className = "none";
    none.textContent = "The next one is being chosen.";
    $("next").replaceChildren(none);
  }
  $("historyBox").hidden = place.previous.length === 0;
  $("history").replaceChildren(...place.previous.slice(0, 3).map((track, n) =>
    entry(track, track.artist ?? "", n === 0 ? measured(place.blendIn) : "")));
}

function showProgress(place, position, byteRate) {
  const start = place.track.startPosition, end = Math.max(place.track.endPosition, start + 1);
  const share = (value) => Math.min(1, Math.max(0, (value - start) / (end - start)));
  $("played").style.transform = `scaleX(${share(position)})`;
  $("progress").setAttribute("aria-valuenow", Math.round(100 * share(position)));
  $("blendIn").style.width = place.blendIn ? `${100 * share(place.blendIn.endPosition)}%` : "0";
  $("blendOut").style.width = place.blendOut ? `${100 * (1 - share(place.blendOut.startPosition))}%` : "0";
  write($("elapsed"), minutes((position - start) / byteRate));
  write($("remaining"), minutes((end - start) / byteRate));
  const seconds = place.next ? (place.next.titlePosition - position) / byteRate : null;
  const blending = place.blendOut && position >= place.blendOut.startPosition;
  write($("until"), seconds === null ? "" : (blending ? "Mixing into the next: " : "") + minutes(seconds)
    + (blending ? "" : " until the next"));
}

function draw() {
  const position = shownPosition();
  const place = station.placeOf(position);
  const wanted = listening.wanted;
  document.body.dataset.state = listening.state;
  document.body.dataset.position = position === null ? "" : Math.floor(position);
  document.body.classList.toggle("wanted", wanted);
  write($("state"), words(place));
  $("toggle").setAttribute("aria-label", wanted ? "Pause" : "Play");
  $("toggle").title = wanted ? "Pause (space)" : "Play (space)";
  $("listeners").hidden = station.listenerCount === null;
  write($("listeners"), `${station.listenerCount} listening`);
  if (station.timeline?.name) write($("station"), station.timeline.name);
  const base = listening.map?.base;
  write($("servedBy"), base && base.toString() !== root.href ? `Served by ${new URL(base).host} · ` : "");
  if (place) {
    showTrack(place.track);
    showLists(place, station.timeline.byteRate);
    showProgress(place, position, station.timeline.byteRate);
  }
  const playing = wanted && place ? joined(place.track.title, place.track.artist) : "";
  document.title = playing ? `${playing} — ${station.timeline.name || "forever"}` : station.timeline?.name || "forever";
  if ("mediaSession" in navigator) navigator.mediaSession.playbackState = wanted ? "playing" : "paused";
}

/** A browser may forbid to keep anything; the page works without. */
function remembered(name, value) {
  try {
    if (value === undefined) return localStorage.getItem(name);
    localStorage.setItem(name, value);
  } catch { /* private window */ }
  return null;
}

function toggle() {
  listening.toggle();
  $("welcome").hidden = true;
  remembered("forever.welcomed", "yes");
}

$("toggle").addEventListener("click", toggle);
document.addEventListener("keydown", (event) => {
  const busy = event.target.closest?.("button, a, input, textarea, select");
  if (event.code !== "Space" || busy || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  toggle();
});
$("volume").addEventListener("input", () => {
  listening.audio.volume = $("volume").valueAsNumber;
  remembered("forever.volume", $("volume").value);
});
const volume = Number(remembered("forever.volume") ?? 1);
$("volume").value = listening.audio.volume = volume >= 0 && volume <= 1 ? volume : 1;
$("welcome").hidden = remembered("forever.welcomed") !== null || location.hash === "#play";
if ("mediaSession" in navigator) {
  navigator.mediaSession.setActionHandler("play", () => listening.start());
  navigator.mediaSession.setActionHandler("pause", () => listening.stop());
  navigator.mediaSession.setActionHandler("stop", () => listening.stop());
}
station.start();
setInterval(draw, 250);
if (location.hash === "#play") listening.start();
