// The page: people on the left, as many chats beside each other as fit, one stream of events from the server.
import { Pane } from "./pane.js";
import { askPerson, toast, word } from "./sheets.js";

const main = document.querySelector("main");
const nav = document.querySelector(".people nav");
const panes = new Map();
const chats = new Map();
const seen = new Map(); // the newest message that was on the screen, for each person
let order = JSON.parse(sessionStorage.getItem("order") || "[]"); // most recently used first
let adding = false;
let bot = { name: "", username: "" };

export async function post(path, body) {
  const raw = body instanceof Blob;
  const answer = await fetch(path, {
    method: "POST",
    body: raw ? body : JSON.stringify(body),
    headers: { "Content-Type": raw ? "application/octet-stream" : "application/json" },
  });
  if (!answer.ok) throw Object.assign(new Error(answer.statusText), { status: answer.status });
  return answer.json();
}

function capacity() {
  const side = document.querySelector(".people");
  const free = innerWidth - (innerWidth >= 760 ? side.offsetWidth : 0);
  return Math.max(1, Math.min(4, Math.floor(free / 400)));
}

function layout() {
  const wanted = order.filter((id) => chats.has(id)).slice(0, capacity()); // one just added may not have come yet
  for (const [id, pane] of panes) {
    if (wanted.includes(id)) continue;
    pane.remove();
    panes.delete(id);
  }
  for (const [at, id] of [...wanted].sort((a, b) => a - b).entries()) {
    if (!panes.has(id)) {
      panes.set(id, new Pane(id, bot, open));
      main.insertBefore(panes.get(id).root, main.children[at] ?? null); // one that is moved would lose its place in the chat
    }
    const pane = panes.get(id);
    pane.show(chats.get(id), bot);
    pane.root.classList.toggle("active", id === wanted[0]);
    seen.set(id, newest(chats.get(id)));
  }
  sessionStorage.setItem("order", JSON.stringify(order));
  list(wanted);
}

const newest = (chat) => chat.messages.filter((m) => m.bot).at(-1)?.id ?? 0;

function list(wanted) {
  nav.replaceChildren(...[...chats.values()].map((chat) => {
    const row = document.querySelector("#t-person").content.cloneNode(true).firstElementChild;
    const unread = chat.messages.filter((m) => m.bot && m.id > (seen.get(chat.id) ?? 0)).length;
    paint(row.querySelector(".avatar"), chat);
    row.querySelector("b").textContent = chat.name;
    row.querySelector("small").textContent = preview(chat) || chat.language;
    row.querySelector(".unread").textContent = unread || "";
    row.classList.toggle("open", wanted.includes(chat.id));
    row.setAttribute("aria-current", wanted[0] === chat.id);
    row.onclick = () => open(chat.id);
    return row;
  }));
}

function preview(chat) {
  const last = chat.messages.at(-1);
  if (!last) return "";
  const box = document.createElement("div");
  box.innerHTML = last.html; // escaped by the server, tags from a fixed list
  return (last.photo ? "🖼 " : last.file ? "📎 " : "") + box.textContent.slice(0, 60);
}

export function paint(avatar, chat) {
  avatar.textContent = [...chat.name][0]?.toUpperCase() ?? "?";
  avatar.dataset.hue = chat.id % 6;
}

function open(id) {
  order = [id, ...order.filter((other) => other !== id)];
  layout();
  panes.get(id)?.focus();
}

async function add(values) {
  adding = true;
  try {
    const { id } = await post("/chat/people", values);
    open(id);
  } catch {
    toast(word("failed"));
  }
}

function heard(state) {
  bot = state.bot;
  document.querySelector('[data-photos="stay"]').hidden = !bot.photos_stay_here;
  document.querySelector('[data-photos="go"]').hidden = bot.photos_stay_here;
  document.title = bot.name || document.title;
  for (const id of chats.keys()) if (!state.people.includes(id)) chats.delete(id);
  for (const chat of state.chats) {
    if (!chats.has(chat.id)) seen.set(chat.id, newest(chat));
    chats.set(chat.id, chat);
  }
  for (const id of state.people) if (!order.includes(id)) order.push(id);
  if (!state.people.length && !adding) add({ name: document.querySelector(".new-person [name=name]").value, language: navigator.language });
  else layout();
}

function listen() {
  const events = new EventSource("/chat/events");
  events.onmessage = (event) => {
    document.body.classList.remove("offline");
    heard(JSON.parse(event.data));
  };
  events.onerror = () => document.body.classList.add("offline");
}

function theme(wanted) {
  if (wanted) document.documentElement.dataset.theme = wanted;
}

document.querySelector(".people .theme").onclick = () => {
  const dark = document.documentElement.dataset.theme
    ? document.documentElement.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  localStorage.setItem("theme", dark ? "light" : "dark");
  theme(localStorage.getItem("theme"));
};
document.querySelector(".people .add").onclick = async () => {
  const values = await askPerson();
  if (values) add(values);
};
addEventListener("resize", layout);
theme(localStorage.getItem("theme"));
listen();
