// The chat's own screens: settings, reminders, one's data. What switches is a switch, what leads on leads on.
import { forget, tap } from "../api.js";
import { h, labelled, message } from "../html.js";
import { farewell, go, heading, put, renew, speakAnew, state, toast, trouble } from "../main.js";
import { tick } from "../telegram.js";

// Those that only show something have an address; what does something is done once, and where it stands.
const SHOWS = /^(settings|settings:(marks|share)|pictures(:ask)?|mydata|sheet|remind|remind:day(:\d)?|remind:night:\d|zone(:clock|:offset:-?\d+)?|privacy|consent:ask|delete:ask|withdraw:ask|dispute:\d+)$/;
const TAKES_AWAY = /^(delete:yes|pictures:yes|withdraw:)/;
const OF_EXPERIMENT = /^experiment(?::menu|:((?:ask|answer):\w+))?$/;
const LEADS = { history: "timeline", progress: "chart", compare: "pair" };

export async function show(name, rest) {
  const place = name === "experiment" ? `experiment:${rest[0] ?? "menu"}` : name === "settings" ? "settings" : rest.join("/");
  const answer = await tap(place);
  return drawn(answer);
}

function drawn(answer) {
  const told = answer.screens.at(-1);
  if (!told) return h("section", {}, heading(state.words.title));
  const { title, body } = message(told.html);
  return h("section", { class: `told-screen ${told.name}` }, heading(...labelled(title || state.words.title)), picture(told), body.children.length ? h("div", { class: "card" }, body) : null, buttons(told.rows), told.name === "experiment" && h("p", { class: "soft below" }, state.words.experiment_in_chat));
}

function picture(told) {
  if (!told.picture) return null;
  const image = h("img", { class: "drawn card", alt: state.words.experiment_picture });
  image.onload = () => URL.revokeObjectURL(image.src);
  image.src = URL.createObjectURL(new Blob([Uint8Array.from(atob(told.picture), (sign) => sign.charCodeAt(0))], { type: "image/jpeg" }));
  return image;
}

export function buttons(rows) {
  const list = h("div", { class: "list" });
  let card = null;
  for (const row of rows.map((each) => each.filter(({ label }) => !label.startsWith("◀"))).filter((each) => each.length)) {
    const many = row.length > 2;
    if (!card || card.many !== many) {
      list.append((card = h("div", { class: many ? "card many" : "card" })));
      card.many = many;
    }
    card.append(...(many ? [h("div", { class: "line" }, ...row.map(button))] : row.map(button)));
  }
  return list;
}

function button({ label, data, style, on }) {
  const props = { class: `item ${style ?? ""}`, onclick: (event) => press(event.currentTarget, data) };
  if (data.startsWith("settings:lang:")) return h("button", { ...props, class: "item picked", "aria-pressed": String(Boolean(on)) }, ...labelled(label));
  if (on !== null) return h("button", { ...props, role: "switch", "aria-checked": String(on) }, ...labelled(label), h("i", { class: "knob" }));
  return h("button", { ...props, class: `${props.class} ${SHOWS.test(data) || OF_EXPERIMENT.test(data) ? "leads" : ""}` }, ...labelled(label));
}

async function press(element, data) {
  const [word, ...rest] = data.split(":");
  if (word === "report") return go(`report/${rest[0]}`);
  if (LEADS[word] && word !== "progress:") return go(LEADS[word]);
  const experiment = OF_EXPERIMENT.exec(data);
  if (experiment) return go(["experiment", experiment[1]].filter(Boolean).join("/"));
  if (SHOWS.test(data)) return go(data === "settings" ? "settings" : `told/${data}`);
  element.disabled = true;
  tick();
  try {
    const answer = await tap(data);
    if (answer.gone) return farewell(answer.screens.at(-1));
    if (TAKES_AWAY.test(data)) forget();
    if (answer.in_chat) return toast(state.words.in_chat);
    await speakAnew();
    if (!answer.screens.length) return renew();
    const focused = element.textContent;
    put(drawn(answer), true);
    const again = [...document.querySelectorAll(".item")].find((each) => each.textContent === focused);
    (again ?? heading1())?.focus({ preventScroll: true });
    if (!again) scrollTo(0, 0);
  } catch (error) {
    put(trouble(error));
  } finally {
    element.disabled = false;
  }
}

function heading1() {
  const title = document.querySelector("h1");
  if (title) title.tabIndex = -1;
  return title;
}
