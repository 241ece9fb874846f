// One measure over time: points to tap, the usual range, notes and what was tried below; the same as a table.
import uPlot from "uplot";
import { get } from "../api.js";
import { h, message } from "../html.js";
import { go, heading, state } from "../main.js";
import { tick } from "../telegram.js";

const DAY = 86_400;
let watched = null; // the chart that stands on the page

export async function show(_, [measure = "", span = ""]) {
  const { words } = state;
  const told = await get(`chart?measure=${encodeURIComponent(measure)}&span=${encodeURIComponent(span)}`);
  if (!told.points) {
    const { title, body } = message(told.html);
    return h("section", {}, heading(title || words.tab_progress), h("div", { class: "card" }, body));
  }
  const about = h("div", { class: "card about-point", "aria-live": "polite" }, told.points[0].number && h("p", { class: "soft" }, words.point_how));
  return h("section", {}, heading(told.words.title), choices(told), drawing(told, about), about, h("div", { class: "card" }, message(told.html).body), table(told));
}

function choices({ measure, span, measures, has_spans }) {
  const { words } = state;
  const chip = (label, place, on) => h("button", { class: "chip", "aria-pressed": String(on), onclick: () => { tick(); go(place); } }, label);
  return h("div", {},
    measures.length > 1 && h("div", { class: "chips", role: "group", "aria-label": words.chart_what }, ...measures.map(({ key, label }) => chip(label, `chart/${key}/${span}`, key === measure))),
    has_spans && h("div", { class: "chips", role: "group", "aria-label": words.chart }, chip(words.span_90, `chart/${measure}/90`, span === "90"), chip(words.span_all, `chart/${measure}/all`, span !== "90")));
}

function drawing(told, about) {
  const { words } = told;
  const box = h("div", { class: "chart card", role: "group", tabindex: "0", "aria-label": `${words.title}. ${words.verdict}` });
  let chosen = -1;
  const choose = (at) => {
    chosen = Math.max(0, Math.min(told.points.length - 1, at));
    describe(about, told.points[chosen]);
    watched?.redraw();
  };
  box.onkeydown = (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step) {
      event.preventDefault();
      choose(chosen < 0 ? told.points.length - 1 : chosen + step);
    }
    if (event.key === "Enter" && told.points[chosen]?.number) go(`report/${told.points[chosen].number}`);
  };
  const draw = () => {
    if (!box.isConnected && watched?.box === box) return;
    watched?.destroy();
    box.querySelector(".uplot")?.remove();
    watched = plotted(box, told, () => chosen);
    watched.box = box;
    box.append(bars);
    requestAnimationFrame(() => bars.replaceChildren(...told.bars.map((bar) => drawnBar(watched, bar)))); // it is laid out by then
    watched.over.onclick = (event) => {
      tick();
      choose(nearest(watched, told.points, event.offsetX, event.offsetY));
    };
  };
  const size = new ResizeObserver(() => (box.isConnected ? draw() : size.disconnect()));
  size.observe(box);
  addEventListener("painted", () => box.isConnected && draw());
  const bars = h("ul", { class: "bars", "aria-label": words.used });
  bars.hidden = !told.bars.length;
  box.append(legend(told));
  return box;
}

function describe(about, point) {
  const { words } = state;
  about.replaceChildren(
    h("b", {}, [point.day, point.label].filter(Boolean).join(" · ")),
    point.note ? h("q", { class: "note" }, point.note) : "",
    point.number ? h("a", { class: "way on", href: `#report/${point.number}` }, words.open_report) : "");
}

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

function plotted(box, told, chosen) {
  const { points } = told;
  const of = (hollow) => points.map((point) => (point.hollow === hollow ? point.level : null));
  const ink = colour("soft");
  const font = `12px ${getComputedStyle(document.body).fontFamily}`;
  const day = new Intl.DateTimeFormat(state.person.locale, { day: "numeric", month: "short" });
  const [first, last] = [points[0].at, points.at(-1).at];
  const air = Math.max((last - first) * 0.05, DAY / 4);
  const dot = (filled) => ({ show: true, size: 11, width: 2, stroke: colour("accent"), fill: filled ? colour("accent") : colour("ground") });
  const width = box.clientWidth - 8;
  return new uPlot({
    width,
    height: Math.round(Math.min(320, Math.max(220, width * 0.66))),
    legend: { show: false },
    cursor: { show: false },
    padding: [14, 10, 0, 0],
    scales: { x: { time: true, range: [first - air, last + air] }, y: { range: [-0.02, 1.06] } },
    axes: [
      { stroke: ink, font, size: 42, space: 64, grid: { show: false }, ticks: { show: false }, values: (_, splits) => splits.map((at) => day.format(at * 1000)), splits: () => spread(first, last, width) },
      { stroke: ink, font, size: (u, values) => axisWidth(u, values, font), grid: { stroke: colour("line"), width: 1 }, ticks: { show: false }, splits: () => told.ticks.map(([level]) => level), values: () => told.ticks.map(([, text]) => text) },
    ],
    series: [
      {},
      { stroke: colour("accent"), width: 2, spanGaps: true, points: dot(true) },
      { stroke: "transparent", width: 0, points: dot(false) },
    ],
    hooks: { drawAxes: [(u) => ground(u, told)], draw: [(u) => above(u, told, chosen())] },
  }, [points.map((point) => point.at), of(false), of(true)], box);
}

// What was used, as a bar below the plot: from its day to its end, or beyond the edge.
function drawnBar(u, { name, start, end }) {
  const day = new Intl.DateTimeFormat(state.person.locale, { day: "numeric", month: "short" });
  const written = (at) => (at === null ? "…" : day.format(at * 1000));
  const at = (moment, edge) => (moment === null ? edge : Math.max(0, Math.min(u.over.clientWidth, u.valToPos(moment, "x"))));
  const [left, right] = [at(start, 0), at(end, u.over.clientWidth)];
  const bar = h("i", { "aria-hidden": "true" });
  bar.style.marginLeft = `${u.over.offsetLeft + left}px`;
  bar.style.width = `${Math.max(6, right - left)}px`;
  return h("li", { dir: "ltr" }, h("span", { dir: document.documentElement.dir }, start === null && end === null ? name : `${name} · ${written(start)} – ${written(end)}`), bar);
}

function axisWidth(u, values, font) {
  if (!values) return 12;
  u.ctx.save();
  u.ctx.font = font;
  const widest = Math.max(0, ...values.map((text) => u.ctx.measureText(text ?? "").width));
  u.ctx.restore();
  return Math.ceil(widest) + 18;
}

function spread(first, last, width) {
  const most = Math.max(2, Math.min(4, Math.floor(width / 90)));
  const days = Math.round((last - first) / DAY);
  const count = Math.min(most, days + 1);
  return count < 2 ? [first] : Array.from({ length: count }, (_, at) => first + ((last - first) * at) / (count - 1));
}

function ground(u, { band, lately }) {
  const { ctx, bbox } = u;
  ctx.save();
  if (band) {
    const [low, high] = band.map((level) => u.valToPos(Math.min(1.06, level), "y", true));
    ctx.globalAlpha = 0.14;
    ctx.fillStyle = colour("accent");
    ctx.fillRect(bbox.left, high, bbox.width, low - high);
  }
  if (lately) {
    ctx.globalAlpha = 1;
    ctx.strokeStyle = colour("ink");
    ctx.lineWidth = 2 * devicePixelRatio;
    ctx.setLineDash([6 * devicePixelRatio, 5 * devicePixelRatio]);
    ctx.beginPath();
    ctx.moveTo(u.valToPos(lately[0], "x", true), u.valToPos(lately[1], "y", true));
    ctx.lineTo(bbox.left + bbox.width, u.valToPos(lately[1], "y", true));
    ctx.stroke();
  }
  ctx.restore();
}

function above(u, { points }, chosen) {
  const { ctx, bbox } = u;
  const foot = bbox.top + bbox.height - 5 * devicePixelRatio;
  ctx.save();
  for (const [at, point] of points.entries()) {
    const x = u.valToPos(point.at, "x", true);
    if (point.noted) mark(ctx, x, foot, colour("ink"), false);
    if (point.tried) mark(ctx, x, foot - 9 * devicePixelRatio, colour("ink"), true);
    if (at !== chosen) continue;
    ctx.strokeStyle = colour("ink");
    ctx.lineWidth = 2 * devicePixelRatio;
    ctx.beginPath();
    ctx.arc(x, u.valToPos(point.level, "y", true), 10 * devicePixelRatio, 0, 2 * Math.PI);
    ctx.stroke();
  }
  ctx.restore();
}

function mark(ctx, x, y, fill, round) {
  const size = 3.2 * devicePixelRatio;
  ctx.fillStyle = fill;
  ctx.beginPath();
  if (round) ctx.arc(x, y, size, 0, 2 * Math.PI);
  else ctx.rect(x - size, y - size, 2 * size, 2 * size);
  ctx.fill();
}

function nearest(u, points, x, y) {
  const far = points.map((point) => Math.hypot(u.valToPos(point.at, "x") - x, u.valToPos(point.level, "y") - y));
  return far.indexOf(Math.min(...far));
}

function legend({ words, points, band, lately }) {
  const entries = [
    ["dot", words.photo],
    points.some((point) => point.hollow) && ["ring", words.hollow],
    band && ["band", words.spread],
    lately && ["dash", words.lately],
    points.some((point) => point.noted) && ["square", words.note],
    points.some((point) => point.tried) && ["small", words.tried],
  ];
  return h("ul", { class: "legend" }, ...entries.filter(Boolean).map(([look, said]) => h("li", {}, h("i", { class: look, "aria-hidden": "true" }), said)));
}

function table({ points, words: own }) {
  const { words } = state;
  const remark = (point) => [point.hollow && own.hollow, point.note].filter(Boolean).join(" · ");
  return h("details", { class: "card fold" }, h("summary", {}, words.as_table),
    h("div", { class: "wide", tabindex: "0", role: "region", "aria-label": own.title }, h("table", {},
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, words.day), h("th", { scope: "col" }, words.value), h("th", { scope: "col" }, words.remark))),
      h("tbody", {}, ...[...points].reverse().map((point) => h("tr", {}, h("th", { scope: "row" }, point.number ? h("a", { href: `#report/${point.number}` }, point.day) : point.day), h("td", {}, point.label), h("td", {}, remark(point))))))));
}
