// All reports, the newest largest, each with its face.
import { get } from "../api.js";
import { h } from "../html.js";
import { go, heading, state } from "../main.js";
import { face } from "../face.js";

export async function show() {
  const { words } = state;
  const first = state.first ?? (await get("reports"));
  state.first = null;
  if (!first.rows.length) return nothing();
  const [newest, ...older] = first.rows;
  const list = h("ol", { class: "rows card" }, ...older.map(row));
  return h("section", {}, heading(words.title), permission(), camera(), experiment(first), hero(newest), list, more(list, first));
}

function nothing() {
  const { words } = state;
  return h("section", {}, heading(words.title), permission(), h("div", { class: "card lone" }, leaf(), h("h2", {}, words.empty), h("p", {}, words.empty_how), camera()));
}

const camera = () => h("a", { class: "main", href: "#camera" }, h("span", { class: "glyph", "aria-hidden": "true" }, "📷"), h("span", {}, state.words.camera_photo));

function experiment({ experiment: newest }) {
  const { words } = state;
  return newest && h("a", { class: "row card", href: "#experiment" }, h("span", { class: "glyph", "aria-hidden": "true" }, "🧪"),
    h("span", { class: "about" }, h("small", {}, newest.under_way ? words.experiment : words.experiment_over), h("b", {}, newest.what)));
}

function permission() {
  const { words, person } = state;
  if (person.agreed) return null;
  return h("div", { class: "card notice" }, h("p", {}, words.picture_not_allowed), h("button", { class: "main", onclick: () => go("told/consent:ask") }, words.permission));
}

function hero(report) {
  const { words } = state;
  return h("a", { class: "hero card", href: `#report/${report.number}` },
    face(`reports/${report.number}/picture`, { eager: true, alt: words.picture }),
    h("span", { class: "about" }, h("small", {}, words.newest), h("b", {}, report.day), stoodOut(report), noted(report)));
}

function row(report) {
  return h("li", {}, h("a", { class: "row", href: `#report/${report.number}` },
    face(`reports/${report.number}/picture`, { alt: "" }),
    h("span", { class: "about" }, h("b", {}, report.day), stoodOut(report), noted(report)),
    h("span", { class: "number", "aria-hidden": "true" }, String(report.number))));
}

const stoodOut = ({ what, went }) => what && h("span", {}, [what, went].filter(Boolean).join(" "));
const noted = (report) => report.note && h("q", { class: "note" }, report.note);

function more(list, { page, pages }) {
  if (page + 1 >= pages) return null;
  const button = h("button", { class: "main quiet", onclick: async () => {
    button.disabled = true;
    try {
      const next = await get(`reports?page=${page + 1}`);
      const rows = next.rows.map(row);
      list.append(...rows);
      rows[0]?.querySelector("a").focus({ preventScroll: true });
      button.replaceWith(more(list, next) ?? "");
    } catch {
      button.disabled = false;
    }
  } }, state.words.older);
  return button;
}

function leaf() {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 40 40");
  svg.setAttribute("class", "leaf");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", "M20 31C10 26 9 15 20 8c11 7 10 18 0 23zM20 31V15");
  svg.append(path);
  return svg;
}
