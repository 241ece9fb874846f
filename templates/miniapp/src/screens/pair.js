// Two photos, one over the other, eye on eye; what is slid away is the later one.
import { get, picture } from "../api.js";
import { h, message } from "../html.js";
import { go, heading, state } from "../main.js";

export async function show(_, [before, after]) {
  const { words } = state;
  const pair = await get(before && after ? `pair/${Number(before)}/${Number(after)}` : "pair");
  const told = message(pair.html, { withTitle: false }).body;
  if (!pair.before || !pair.after) return h("section", {}, heading(words.tab_compare), h("div", { class: "card" }, told));
  return h("section", {}, heading(words.tab_compare), stage(pair), chosen(pair), h("div", { class: "card" }, told));
}

function stage({ before, after }) {
  const { words, person } = state;
  const stage = h("div", { class: "pair", dir: "ltr" });
  const load = () => laid(stage, before, after).catch(() => stage.replaceWith(h("p", { class: "card notice" }, words.pair_gone)));
  if (!person.agreed) return h("p", { class: "card notice" }, words.picture_not_allowed);
  if (person.veils) stage.append(h("button", { class: "cover card", onclick: load }, words.show_picture));
  else load();
  return stage;
}

async function laid(stage, before, after) {
  const { words } = state;
  const path = `pair/${before.number}/${after.number}`;
  const addresses = await Promise.all([picture(`${path}/before`), picture(`${path}/after`)]);
  const images = addresses.map((address, side) => {
    const image = h("img", { alt: `${[words.before, words.after][side]}: ${[before, after][side].day}`, draggable: "false" });
    image.src = address;
    return image;
  });
  await Promise.all(images.map((image) => image.decode()));
  images[1].className = "over";
  const range = h("input", { type: "range", min: "0", max: "100", step: "1", value: "50", "aria-label": words.slide, oninput: () => at(range.valueAsNumber) });
  const at = (percent) => stage.style.setProperty("--at", `${percent}%`);
  const grip = h("span", { class: "grip", "aria-hidden": "true" });
  const dates = h("span", { class: "dates", "aria-hidden": "true" }, h("b", {}, before.day), h("b", {}, after.day));
  const drag = (event) => {
    const box = stage.getBoundingClientRect();
    range.value = String(Math.max(0, Math.min(100, ((event.clientX - box.left) / box.width) * 100)));
    at(range.valueAsNumber);
  };
  stage.onpointerdown = (event) => {
    if (event.target === range) return;
    stage.setPointerCapture(event.pointerId);
    drag(event);
  };
  stage.onclick = () => range.focus({ preventScroll: true }); // the keys go on from there
  stage.onpointermove = (event) => stage.hasPointerCapture(event.pointerId) && drag(event);
  at(50);
  stage.replaceChildren(...images, grip, dates, range);
  stage.classList.add("here");
}

function chosen({ before, after, choices }) {
  const { words } = state;
  const select = (word, own, other, place) => h("label", {}, h("span", {}, word), h("select", { onchange: (event) => go(`pair/${place(event.target.value)}`) },
    ...choices.filter((each) => each.number !== other.number || each.number === own.number).map((each) =>
      h("option", { value: each.number, selected: each.number === own.number }, [each.day, each.what].filter(Boolean).join(" · ")))));
  return h("div", { class: "card choose" },
    select(words.before, before, after, (number) => `${number}/${after.number}`),
    select(words.after, after, before, (number) => `${before.number}/${number}`));
}
