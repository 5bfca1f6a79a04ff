// The operator's page: what the latest transitions were measured to be, and what missed its bar.
const root = new URL(".", location.href);
const $ = (id) => document.getElementById(id);
const refreshMilliseconds = 15000;
/** What is heard again before a transition, where one wants to hear it. */
const leadInSeconds = 15;
let token = sessionStorage.getItem("forever.operator") ?? "";
/** Requests made so far: an answer to an earlier one than the newest is not shown. */
let requests = 0;

/** The columns of figures: name, unit, the bar each belongs to, its value in a report, digits. */
const figures = [
  { name: "beats, median", unit: "ms", bar: "beatMedian", value: (r) => r.beatMedianMilliseconds, digits: 1 },
  { name: "p95", unit: "ms", bar: "beatP95", value: (r) => r.beatP95Milliseconds, digits: 1 },
  { name: "largest", unit: "ms", bar: "beatMax", value: (r) => r.beatMaxMilliseconds, digits: 1 },
  { name: "jitter", unit: "ms", bar: "jitter", value: (r) => r.jitterMilliseconds, digits: 1 },
  { name: "level step", unit: "LU", bar: "levelStep", value: (r) => r.levelStepLoudnessUnits, digits: 1, signed: true },
  { name: "dip", unit: "LU", bar: "dip", value: (r) => r.dipLoudnessUnits, digits: 1, signed: true },
  { name: "bump", unit: "LU", bar: "bump", value: (r) => r.bumpLoudnessUnits, digits: 1, signed: true },
  { name: "both basses", unit: "s", bar: "bassOverlap", value: (r) => r.bassOverlapSeconds, digits: 1 },
  { name: "bass bump", unit: "dB", bar: "bassBump", value: (r) => r.bassBumpDecibels, digits: 1, signed: true },
  { name: "spectral jump", unit: "dB", bar: "spectralJump", value: (r) => r.spectralJumpDecibels, digits: 1 },
];
const styles = {
  longBlend: "long blend", shortBlend: "short blend", drumBlend: "drums only", fade: "fade", filterOut: "filter out",
  echoOut: "echo out", cut: "cut",
};

function shown(figure, report) {
  const value = figure.value(report);
  if (value === null || value === undefined) return "–";
  const text = Math.abs(value).toFixed(figure.digits), isZero = Number(text) === 0;
  return (value < 0 && !isZero ? "−" : figure.signed && !isZero ? "+" : "") + text;
}

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

const named = (track) => track ? [track.title ?? track.id, track.artist].filter(Boolean).join(" · ") : "a track that is not named any more";

function headRow(limits) {
  const row = element("tr");
  for (const figure of figures) {
    const cell = element("th", `${figure.name}, ${figure.unit}`);
    const limit = limits.get(figure.bar);
    if (limit !== undefined) cell.append(element("small", `at most ${limit}`));
    row.append(cell);
  }
  return row;
}

/** What was missed, in words, and how to hear it again. */
function whyRow(transition, limits) {
  const { report, byteRate } = transition;
  const words = figures.filter((figure) => report.misses.includes(figure.bar))
    .map((figure) => `${figure.name} ${shown(figure, report)} ${figure.unit}, at most ${limits.get(figure.bar)}`);
  const row = element("tr", undefined, "why"), cell = element("td", `Missed: ${words.join("; ")}.`);
  cell.colSpan = figures.length;
  if (transition.startPosition !== null && byteRate) {
    const from = Math.max(0, transition.startPosition - leadInSeconds * byteRate);
    cell.append(" To hear it again: ", element("code",
      `forever-server mix --data DIR --at ${transition.epoch}:${from} --minutes 1 -o again.flac`));
  }
  row.append(cell);
  return row;
}

/** When, from what to what, and how. */
function heardRow(transition) {
  const { report, heardAtMilliseconds: at } = transition;
  const row = element("tr", undefined, "heard"), cell = element("td");
  cell.colSpan = figures.length;
  const notes = [transition.reason, report.unheard ? "beats could not be measured" : ""].filter(Boolean).join("; ");
  cell.append(
    element("span", at === null ? "time not known" : new Date(at).toLocaleString([], {
      month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit" }), "soft"),
    element("span", `${named(transition.from)} → ${named(transition.to)}`),
    element("span", [styles[transition.style] ?? transition.style, notes].filter(Boolean).join(": "), "soft"));
  row.append(cell);
  return row;
}

function figuresRow({ report }) {
  const row = element("tr", undefined, "figures");
  for (const figure of figures) {
    const missed = report.misses.includes(figure.bar);
    const cell = element("td", undefined, missed ? "missed" : undefined);
    cell.dataset.name = `${figure.name}, ${figure.unit}`;
    cell.append(element("span", shown(figure, report) + (missed ? "\u00a0!" : "")));
    row.append(cell);
  }
  return row;
}

function show(answer) {
  const limits = new Map(answer.bars.map(({ bar, limit }) => [bar, limit]));
  const onlyMissed = $("onlyMissed").checked;
  $("head").replaceChildren(headRow(limits));
  $("rows").replaceChildren(...answer.transitions.flatMap((transition) => [
    heardRow(transition), figuresRow(transition),
    ...(transition.report.misses.length ? [whyRow(transition, limits)] : []),
  ]));
  $("table").hidden = answer.transitions.length === 0;
  $("none").hidden = answer.transitions.length > 0;
  $("none").textContent = onlyMissed ? "None of the latest transitions missed a bar." : "No transition has been mixed to its end yet.";
}

function ask(words) {
  $("entrance").hidden = false;
  $("transitions").hidden = true;
  $("state").textContent = words;
}

async function refresh() {
  if (!token) return ask("");
  const request = ++requests;
  const isOld = () => request !== requests;
  try {
    const address = new URL("operator/transitions" + ($("onlyMissed").checked ? "?missed=true" : ""), root);
    const reply = await fetch(address, { cache: "no-store", headers: { Authorization: "Bearer " + token } });
    if (isOld()) return;
    if (reply.status === 401) {
      token = "";
      sessionStorage.removeItem("forever.operator");
      return ask("That is not the operator's token.");
    }
    const answer = await reply.json();
    if (isOld()) return;
    if (!reply.ok) return ask(answer.error ?? `The station answers ${reply.status}.`);
    sessionStorage.setItem("forever.operator", token);
    $("entrance").hidden = true;
    $("transitions").hidden = false;
    $("state").textContent = "";
    show(answer);
  } catch {
    if (!isOld()) $("state").textContent = "The station does not answer; trying again.";
  }
}

$("entrance").addEventListener("submit", (event) => {
  event.preventDefault();
  token = $("token").value.trim();
  $("token").value = "";
  refresh();
});
$("onlyMissed").addEventListener("change", refresh);
setInterval(() => { if (token && !document.hidden) refresh(); }, refreshMilliseconds);
refresh();
