// One report: its picture with its kinds to choose, its words, its details, what may be corrected.
import { get, writeNote } from "../api.js";
import { h, labelled, message } from "../html.js";
import { heading, renew, state } from "../main.js";
import { face } from "../face.js";
import { buttons } from "./told.js";
import { tick } from "../telegram.js";

const LONGEST_NOTE = 500; // as in the chat
const ASKED = /^(answer|ask|try):/; // what the report's own words ask

export async function show(_, [number]) {
  const { words } = state;
  const report = await get(`reports/${Number(number)}`);
  const told = message(report.html);
  const details = message(report.details.html);
  const asks = (row) => row.some(({ data }) => ASKED.test(data));
  const [asked, others] = [report.rows.filter(asks), report.rows.filter((row) => !asks(row))];
  return h("section", { class: "report" },
    heading(report.title),
    pictured(report),
    h("div", { class: "card" }, told.body),
    asked.length ? buttons(asked) : null,
    note(report),
    h("details", { class: "card fold" }, h("summary", {}, words.details), details.body),
    others.length ? h("details", { class: "card fold" }, h("summary", {}, words.corrections), buttons(others)) : null,
    neighbours(report));
}

function pictured(report) {
  const { words, person } = state;
  const place = h("div", { class: "picture" });
  const gone = (error) => place.replaceChildren(h("p", { class: "card notice" }, error?.told?.html ? message(error.told.html, { withTitle: false }).body : words.picture_gone));
  if (!person.agreed) return h("p", { class: "card notice" }, words.picture_not_allowed);
  if (report.picture === "none") return h("p", { class: "card notice" }, words.picture_gone);
  const paths = (key) => `reports/${report.number}/picture?card=${key}`;
  const put = (key) => {
    const shown = face(paths(key), { alt: key === "redness" ? words.picture_of_redness : words.picture, onGone: gone });
    shown.classList.add("large");
    shown.classList.remove("veiled");
    shown.load();
    place.replaceChildren(shown);
  };
  if (person.veils || report.picture === "asked") {
    place.append(h("button", { class: "cover card", onclick: () => { put("told"); choices?.removeAttribute("hidden"); } }, words.show_picture));
  } else put("told");
  const choices = kinds(report, put);
  if (choices && place.querySelector(".cover")) choices.hidden = true;
  return h("div", {}, place, choices);
}

function kinds(report, put) {
  const { words } = state;
  const offered = [...report.cards, ...(report.redness ? [{ key: "redness", label: `🌡 ${words.redness}` }] : [])];
  if (!offered.length) return null;
  if (!report.cards.length) offered.unshift({ key: "told", label: words.picture_plain });
  const chips = offered.map(({ key, label }) => h("button", { class: "chip", "aria-pressed": String(key === "told"), onclick: () => {
    for (const chip of chips) chip.setAttribute("aria-pressed", String(chip === chips[offered.findIndex((each) => each.key === key)]));
    tick();
    put(key);
  } }, ...labelled(label)));
  return h("div", { class: "chips", role: "group", "aria-label": words.choose_card }, ...chips);
}

function note({ number, note: written }) {
  const { words } = state;
  const card = h("div", { class: "card remark" });
  const title = () => h("h2", {}, words.note);
  const stands = (focus) => {
    const change = h("button", { class: "link", onclick: () => edits() }, written ? words.note_change : words.note_write);
    card.replaceChildren(title(), written ? h("q", { class: "note" }, written) : h("p", { class: "soft" }, words.note_what), change);
    if (focus) change.focus({ preventScroll: true });
  };
  const edits = () => {
    const text = h("textarea", { rows: "3", maxlength: String(LONGEST_NOTE), "aria-label": words.note_what, placeholder: words.note_what });
    text.value = written ?? "";
    const said = h("p", { class: "soft", role: "status" }, words.note_how);
    const keep = async (wanted) => {
      card.inert = true;
      try {
        const { screens } = await writeNote(number, wanted);
        state.first = null;
        if (screens.length) return card.replaceChildren(h("div", { role: "alert" }, message(screens.at(-1).html, { withTitle: false }).body));
        tick();
        await renew();
        document.querySelector(".remark button")?.focus({ preventScroll: true });
      } catch {
        said.textContent = words.failed;
      } finally {
        card.inert = false;
      }
    };
    const save = h("button", { class: "main", onclick: () => keep(text.value) }, words.note_save);
    const remove = written && h("button", { class: "link danger", onclick: () => keep("") }, words.note_remove);
    card.replaceChildren(title(), text, said, h("div", { class: "both" }, save, h("button", { class: "link", onclick: () => stands(true) }, words.note_cancel), remove || ""));
    text.focus();
  };
  stands();
  return card;
}

function neighbours({ earlier, later }) {
  const { words } = state;
  const link = (number, word, way) => number && h("a", { class: `way ${way}`, href: `#report/${number}` }, word);
  return earlier || later ? h("nav", { class: "ways", "aria-label": words.tab_reports }, link(earlier, words.earlier, "back"), link(later, words.later, "on")) : null;
}
