// My skin: opened by Telegram, told by the server who it is for; each screen has an address of its own.
import { Refused, forget, get, open } from "./api.js";
import { h, icon, message } from "./html.js";
import * as timeline from "./screens/timeline.js";
import { close, launch, offerBack, ready } from "./telegram.js";

// By the first word of an address. `tab`: which one at the foot it belongs to; `deep`: one can go back from it.
const SCREENS = {
  timeline: { tab: "timeline", load: async () => timeline },
  report: { tab: "timeline", deep: true, load: () => import("./screens/report.js") },
  chart: { tab: "chart", load: () => import("./screens/chart.js") },
  pair: { tab: "pair", load: () => import("./screens/pair.js") },
  camera: { tab: "timeline", deep: true, load: () => import("./camera/index.js") },
  experiment: { tab: "timeline", deep: true, load: () => import("./screens/told.js") },
  settings: { tab: "settings", load: () => import("./screens/told.js") },
  told: { tab: "settings", deep: true, load: () => import("./screens/told.js") },
};
const TABS = [
  ["timeline", "tab_reports", "M7 4v3M17 4v3M4 10h16M6 6h12a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2zM8 14h3"],
  ["chart", "tab_progress", "M4 4v14a2 2 0 0 0 2 2h14M8 15l3.5-4 3 2.5L19 8"],
  ["pair", "tab_compare", "M12 3v18M8.5 6H6a2 2 0 0 0-2 2v8a2 2 0 0 0 2 2h2.5M15.5 6H18a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-2.5"],
  ["settings", "tab_settings", "M4 7h9M17 7h3M4 17h3M11 17h9M13 7a2 2 0 1 0 4 0a2 2 0 1 0-4 0M7 17a2 2 0 1 0 4 0a2 2 0 1 0-4 0"],
];

const page = document.querySelector("#page");
export const state = { words: {}, person: {}, first: null };
let shown = 0;
let walked = 0; // how many addresses of ours lie behind

export const go = (place) => (location.hash === `#${place}` ? show() : (location.hash = `#${place}`)); // what was done there may stand there

export function speak({ person, words }) {
  Object.assign(state, { person, words });
  document.documentElement.lang = person.locale;
  document.documentElement.dir = person.direction;
  document.documentElement.classList.toggle("guarded", person.guards);
  tabs();
}

export async function speakAnew() {
  speak(await get("speech"));
}

function tabs() {
  const here = current().screen.tab;
  const bar = h("nav", { class: "tabs", "aria-label": state.words.title }, ...TABS.map(([place, word, path]) =>
    h("a", { href: `#${place}`, "aria-current": place === here && "page" }, icon(path), h("span", {}, state.words[word]))));
  document.querySelector("nav.tabs")?.remove();
  page.after(bar);
}

function current() {
  const [name, ...rest] = decodeURIComponent(location.hash.slice(1)).split("/");
  const known = Object.hasOwn(SCREENS, name);
  return { name: known ? name : "timeline", rest: known ? rest : [], screen: SCREENS[known ? name : "timeline"] };
}

async function show({ keepsPlace = false } = {}) {
  const turn = ++shown;
  const { screen, name, rest } = current();
  offerBack(Boolean(screen.deep));
  tabs();
  page.setAttribute("aria-busy", "true");
  const waiting = setTimeout(() => turn === shown && page.replaceChildren(waits()), 250);
  let made;
  try {
    made = await (await screen.load()).show(name, rest);
  } catch (error) {
    made = trouble(error);
  }
  clearTimeout(waiting);
  if (turn !== shown) return;
  put(made, keepsPlace);
}

export function put(made, keepsPlace = false) {
  page.replaceChildren(made);
  page.setAttribute("aria-busy", "false");
  const title = page.querySelector("h1");
  document.title = title?.textContent || state.words.title || document.title;
  if (keepsPlace) return;
  scrollTo(0, 0);
  if (walked && title) {
    title.tabIndex = -1;
    title.focus({ preventScroll: true });
  }
}

const waits = () => h("div", { class: "waits", role: "status", "aria-label": state.words.loading ?? "" }, h("i"), h("i"), h("i"));

export function heading(...children) {
  return h("h1", {}, ...children);
}

export function trouble(error) {
  const { words } = state;
  if (!(error instanceof Refused) && !(error instanceof TypeError)) console.error(error);
  if (error instanceof Refused && error.told?.html) return h("section", { class: "card lone" }, h("h1", {}, words.title ?? document.title), message(error.told.html, { withTitle: false }).body);
  const status = error instanceof Refused ? error.status : 0;
  const said = { 401: words.over, 404: words.not_there }[status] ?? words.failed;
  const again = h("button", { class: "main", onclick: () => show() }, words.again);
  const back = h("button", { class: "main", onclick: close }, words.close);
  return h("section", { class: "card lone", role: "alert" }, h("h1", {}, words.title), h("p", {}, said), status === 401 ? back : status === 404 ? null : again);
}

export function toast(said) {
  const box = document.querySelector(".toast") ?? document.body.appendChild(h("div", { class: "toast", role: "status" }));
  box.textContent = said;
  box.classList.add("up");
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => box.classList.remove("up"), 3200);
}

export function farewell(told) {
  forget({ all: true });
  offerBack(false);
  document.querySelector("nav.tabs")?.remove();
  const { title, body } = message(told?.html ?? "");
  put(h("section", { class: "card lone" }, h("h1", {}, title || state.words.title), body, h("button", { class: "main", onclick: close }, state.words.close)));
  removeEventListener("hashchange", onWalk);
}

export const renew = () => show({ keepsPlace: true });

function onWalk() {
  walked += 1;
  show();
}

function without(name) {
  page.replaceChildren(document.querySelector(`#${name}`).content.cloneNode(true));
  page.setAttribute("aria-busy", "false");
  page.classList.add("bare");
}

async function begin() {
  const told = launch();
  if (!told) return without("without-telegram");
  ready(() => (walked ? history.back() : go("timeline")));
  let opened;
  try {
    opened = await open();
  } catch (error) {
    if (error instanceof Refused && error.told) return put(trouble(error));
    if (error instanceof Refused && error.status === 403) return without("without-telegram");
    without("without-network");
    page.querySelector("button").onclick = () => location.reload();
    return;
  }
  const at = new URLSearchParams(location.search).get("at") ?? "";
  history.replaceState(null, "", `${location.pathname}${location.search}#${/^[a-z]+(\/[a-z0-9_:]+)*$/.test(at) ? at : "timeline"}`);
  state.first = opened.timeline;
  speak(opened.speech);
  addEventListener("hashchange", onWalk);
  await show();
  performance.mark("useful");
}

begin();
