// How a person answers: to one message, with the keyboard that the bot put there, or with a place.
import { askPlace } from "./sheets.js";

export class Answering {
  constructor(pane) {
    this.pane = pane;
    this.to = null; // the message that the next words answer
    this.given = "null";
    this.folded = false;
    pane.find(".answer button").onclick = () => this.answer(null);
    pane.find(".keys").onclick = (event) => {
      const key = event.target.closest("button");
      if (key) this.pressed(key);
    };
    pane.find(".unfold").onclick = () => this.fold(!this.folded);
    pane.list.ondblclick = (event) => {
      const id = Number(event.target.closest(".message")?.dataset.id);
      if (id && !event.target.closest("button, a")) this.answer(id);
    };
  }

  show(chat) {
    const given = JSON.stringify(chat.keyboard);
    if (given !== this.given) this.received(chat, given);
    if (this.to && !chat.messages.some((message) => message.id === this.to)) this.answer(null);
  }

  received(chat, given) {
    this.given = given;
    const rows = chat.keyboard?.keyboard ?? [];
    this.pane.find(".keys").replaceChildren(...rows.map(keyRow));
    this.pane.box.placeholder = chat.keyboard?.input_field_placeholder || this.pane.box.dataset.usual;
    this.once = Boolean(chat.keyboard?.one_time_keyboard);
    this.fold(false);
    if (chat.keyboard?.force_reply) this.answer(chat.messages.filter((message) => message.bot).at(-1)?.id ?? null);
  }

  fold(folded) {
    const none = !this.pane.find(".keys").children.length;
    this.folded = folded;
    this.pane.find(".keys").hidden = none || folded;
    this.pane.find(".unfold").hidden = none;
    this.pane.find(".unfold").setAttribute("aria-expanded", !folded);
  }

  async pressed(key) {
    if (this.once) this.fold(true);
    if (key.dataset.asks !== "place") return this.pane.say(key.textContent);
    const place = await askPlace();
    if (place) await this.pane.send("location", { ...place, ...this.taken() });
    else this.fold(false);
  }

  answer(id) {
    const message = this.pane.chat?.messages.find((known) => known.id === id);
    this.to = message ? id : null;
    this.pane.find(".answer").hidden = !message;
    if (!message) return;
    const box = document.createElement("div");
    box.innerHTML = message.html; // escaped by the server, tags from a fixed list
    this.pane.find(".answer q").textContent = box.textContent || this.pane.find(".answer q").dataset.nothing;
    this.pane.focus();
  }

  taken() {
    const about = this.to ? { reply_to: this.to } : {};
    this.answer(null);
    return about;
  }
}

function keyRow(keys) {
  const line = document.createElement("div");
  line.append(...keys.map((key) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = key.text ?? key;
    if (key.request_location) button.dataset.asks = "place";
    return button;
  }));
  return line;
}
