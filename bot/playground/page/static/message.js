// One message on the screen: words, picture, file, buttons below.
import { large, word } from "./sheets.js";

const FOLD_PX = 76;

export function draw(message, { bot, kept, fresh }) {
  const item = document.querySelector("#t-message").content.cloneNode(true).firstElementChild;
  const find = (selector) => item.querySelector(selector);
  item.dataset.id = message.id;
  item.dataset.version = message.version;
  item.classList.add(message.bot ? "theirs" : "mine");
  item.classList.toggle("fresh", Boolean(fresh));
  item.classList.toggle("has-photo", Boolean(message.photo));
  item.classList.toggle("has-words", Boolean(message.html));
  find(".words").innerHTML = message.html; // escaped by the server, tags from a fixed list
  find(".edited").hidden = !message.edited;
  find(".reaction").textContent = message.reaction ?? "";
  const at = new Date(message.at);
  find("time").textContent = at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  find("time").title = at.toLocaleString();
  reply(item, message, bot);
  photo(item, message, kept);
  file(item, message);
  if (message.other) {
    find(".other").hidden = false;
    find(".other").textContent = word(message.other) ?? `[${message.other}]`;
  }
  find(".keyboard").append(...message.buttons.map(row));
  words(item, message, kept);
  return item;
}

function reply(item, message, bot) {
  if (!message.reply) return;
  const quote = item.querySelector(".reply");
  quote.hidden = false;
  quote.dataset.id = message.reply.id;
  quote.querySelector('[data-who="bot"]').textContent = message.reply.bot ? bot.name : "";
  quote.querySelector('[data-who="me"]').hidden = message.reply.bot;
  quote.querySelector("q").textContent = message.reply.text || (message.reply.photo ? word("photo") : "");
  const thumb = quote.querySelector("img");
  thumb.hidden = !message.reply.photo;
  if (message.reply.photo) thumb.src = message.reply.photo;
}

function photo(item, message, kept) {
  if (!message.photo) return;
  const button = item.querySelector(".photo");
  const image = button.querySelector("img");
  button.hidden = false;
  item.style.setProperty("--ratio", message.photo.width / message.photo.height);
  image.width = message.photo.width;
  image.height = message.photo.height;
  image.src = message.photo.url;
  button.querySelector(".drawn").hidden = !message.drawn;
  const key = `photo ${message.id}`;
  button.classList.toggle("covered", message.spoiler && !kept.has(key));
  button.onclick = () => {
    if (!button.classList.contains("covered")) return large(message.photo.url);
    kept.add(key);
    button.classList.remove("covered");
  };
}

function file(item, message) {
  if (!message.file) return;
  const link = item.querySelector(".file");
  link.hidden = false;
  link.href = message.file.url;
  link.download = message.file.name;
  link.querySelector("b").textContent = message.file.name;
  link.querySelector("small").textContent = size(message.file.size);
}

function size(bytes) {
  const unit = bytes < 1024 ? 0 : bytes < 1024 ** 2 ? 1 : 2;
  const number = bytes / 1024 ** unit;
  return `${number.toLocaleString([], { maximumFractionDigits: number < 10 && unit ? 1 : 0 })} ${["B", "KB", "MB"][unit]}`;
}

function row(buttons) {
  const line = document.createElement("div");
  line.append(...buttons.map((button) => {
    const link = Boolean(button.url);
    const element = document.createElement(link ? "a" : "button");
    element.textContent = button.text;
    if (link) Object.assign(element, { href: button.url, target: "_blank", rel: "noopener noreferrer" });
    if (button.copy_text) element.dataset.copy = button.copy_text.text;
    if (button.web_app) element.dataset.page = button.web_app.url;
    if (button.style) element.dataset.look = button.style;
    element.dataset.data = button.callback_data ?? "";
    return element;
  }));
  return line;
}

function words(item, message, kept) {
  for (const link of item.querySelectorAll(".words a:not([data-command])")) {
    Object.assign(link, { target: "_blank", rel: "noopener noreferrer" });
  }
  for (const [at, spoiler] of item.querySelectorAll("tg-spoiler").entries()) {
    unfoldable(spoiler, `spoiler ${message.id} ${at}`, kept);
  }
  for (const [at, quote] of item.querySelectorAll("blockquote[expandable]").entries()) {
    quote.tabIndex = 0;
    quote.setAttribute("role", "button");
    unfoldable(quote, `quote ${message.id} ${at}`, kept);
    requestAnimationFrame(() => quote.classList.toggle("short", quote.scrollHeight <= FOLD_PX));
  }
}

function unfoldable(element, key, kept) {
  element.classList.toggle("open", kept.has(key));
  const toggle = () => {
    if (!getSelection().isCollapsed) return;
    element.classList.toggle("open") ? kept.add(key) : kept.delete(key);
  };
  element.onclick = (event) => event.target.closest("a") || toggle();
  element.onkeydown = (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    toggle();
  };
}
