// One person's chat: what was said, the box to write in, files to drop, the menu of commands.
import { paint, post } from "./app.js";
import { Answering } from "./answering.js";
import { draw } from "./message.js";
import { openPage } from "./pages.js";
import { askPlace, hasCamera, preview, shoot, toast, word } from "./sheets.js";

const ACTION_LIFE_MS = 5500;
const OTHER = ["voice", "sticker", "video", "contact", "location"];

export class Pane {
  constructor(id, bot, focusOn) {
    this.id = id;
    this.root = document.querySelector("#t-pane").content.cloneNode(true).firstElementChild;
    this.root.dataset.person = id;
    this.list = this.find(".messages");
    this.scroll = this.find(".scroll");
    this.box = this.find("textarea");
    this.items = new Map();
    this.kept = new Set(); // what this person unfolded or uncovered stays so through edits
    this.read = 0;
    this.answering = new Answering(this);
    this.wire(focusOn);
  }

  find(selector) {
    return this.root.querySelector(selector);
  }

  remove() {
    this.growth.disconnect();
    this.root.remove();
  }

  focus() {
    if (matchMedia("(hover: hover)").matches) this.box.focus();
  }

  wire(focusOn) {
    const form = this.find("form");
    form.onsubmit = (event) => {
      event.preventDefault();
      this.say(this.box.value);
    };
    this.box.oninput = () => this.typed();
    this.box.onkeydown = (event) => this.key(event);
    this.box.onfocus = () => focusOn && !this.root.classList.contains("active") && focusOn(this.id);
    this.box.onpaste = (event) => this.pasted(event);
    this.find(".start").onclick = () => this.say("/start");
    this.find(".sample").onclick = () => this.sample();
    this.find(".page").onclick = () => this.open(this.page.url);
    this.find(".menu").onclick = () => this.menu(this.find(".commands").hidden ? "" : null);
    this.find(".attach input").onchange = (event) => {
      this.offer([...event.target.files]);
      event.target.value = "";
    };
    this.find(".camera").onclick = async () => {
      const photo = await shoot();
      if (photo) this.offer([photo]);
    };
    this.find(".more").onclick = () => this.other(this.find(".more").getAttribute("aria-expanded") !== "true");
    hasCamera().then((has) => (this.find(".camera").hidden = !has));
    this.find("select").onchange = (event) => this.speak(event.target.value);
    this.find(".to-end").onclick = () => this.toEnd(true);
    this.pinned = true; // at the end, and staying there when pictures load or the window changes
    this.scroll.onscroll = () => this.scrolled();
    this.growth = new ResizeObserver(() => this.pinned && this.toEnd(false));
    this.growth.observe(this.scroll);
    this.growth.observe(this.list);
    this.list.onclick = (event) => this.clicked(event);
    this.dropping();
  }

  show(chat, bot) {
    this.chat = chat;
    for (const name of this.root.querySelectorAll("header .bot-name, .empty .bot-name")) name.textContent = bot.name;
    this.bot = bot;
    this.find(".me .name").textContent = chat.name;
    this.language(chat.language);
    if (chat.about) this.find(".about").textContent = chat.about;
    this.find(".empty").hidden = chat.messages.length > 0;
    this.find(".start").hidden = chat.messages.length > 0;
    this.find(".composer").hidden = !this.find(".start").hidden;
    this.find(".menu").hidden = !chat.commands.length;
    this.page = chat.page;
    this.find(".page").hidden = !chat.page;
    this.find(".page").textContent = chat.page?.text ?? "";
    this.status(chat.action);
    this.messages(chat.messages);
    this.answering.show(chat);
  }

  language(code) {
    const select = this.find("select");
    const short = code.slice(0, 2);
    if (![...select.options].some((option) => option.value === short)) select.add(new Option(short, short));
    select.value = short;
  }

  status(action) {
    clearTimeout(this.fading);
    const known = this.find(`[data-state="${CSS.escape(action || "idle")}"]`) ? action || "idle" : "typing";
    this.find(".status").dataset.now = known;
    if (action) this.fading = setTimeout(() => this.status(null), ACTION_LIFE_MS);
  }

  messages(messages) {
    const own = messages.at(-1)?.bot === false && messages.at(-1).id > this.read;
    const there = new Set(messages.map((message) => message.id));
    for (const [id, item] of this.items) {
      if (there.has(id)) continue;
      const album = item.parentElement.closest(".album");
      item.remove();
      this.items.delete(id);
      if (album && !album.querySelector(".message")) album.remove();
    }
    let before = null;
    for (const message of messages) {
      let item = this.items.get(message.id);
      if (item?.dataset.version !== message.version) {
        const drawn = draw(message, { bot: this.bot, kept: this.kept, fresh: !item && this.read > 0 });
        item ? item.replaceWith(drawn) : this.home(message).append(drawn);
        this.items.set(message.id, (item = drawn));
      }
      item.classList.toggle("follows", before?.bot === message.bot);
      before = message;
    }
    this.read = Math.max(this.read, messages.at(-1)?.id ?? 0);
    if (own) this.toEnd(true);
  }

  // Pictures of one album stand together, as they were sent together.
  home(message) {
    if (!message.album || !message.photo) return this.list;
    const known = this.list.querySelector(`[data-album="${CSS.escape(message.album)}"]`);
    if (known) return known.firstElementChild;
    const album = document.createElement("li");
    album.className = `album ${message.bot ? "theirs" : "mine"}`;
    album.dataset.album = message.album;
    album.append(document.createElement("ol"));
    this.list.append(album);
    return album.firstElementChild;
  }

  atEnd() {
    return this.scroll.scrollHeight - this.scroll.scrollTop - this.scroll.clientHeight < 120;
  }

  toEnd(smooth) {
    this.pinned = true;
    this.scroll.scrollTo({ top: this.scroll.scrollHeight, behavior: smooth ? "smooth" : "instant" });
  }

  scrolled() {
    if (this.scroll.scrollTop < (this.top ?? 0) && !this.atEnd()) this.pinned = false;
    if (this.atEnd()) this.pinned = true;
    this.top = this.scroll.scrollTop;
    this.find(".to-end").hidden = this.pinned;
  }

  clicked(event) {
    const command = event.target.closest("[data-command]");
    if (command) {
      event.preventDefault();
      this.say(command.dataset.command);
      return;
    }
    const button = event.target.closest(".keyboard button");
    if (button?.dataset.page) this.open(button.dataset.page);
    else if (button) this.press(button);
    const reply = event.target.closest(".reply");
    if (reply) {
      event.preventDefault();
      this.items.get(Number(reply.dataset.id))?.scrollIntoView({ behavior: "smooth", block: "center" });
    }
    const deep = event.target.closest(`a[href^="https://t.me/${CSS.escape(this.bot.username)}?start="]`);
    if (deep) {
      event.preventDefault();
      this.say(`/start ${new URL(deep.href).searchParams.get("start")}`);
    }
  }

  async press(button) {
    if (button.classList.contains("waiting")) return;
    if (button.dataset.copy) {
      await navigator.clipboard.writeText(button.dataset.copy);
      toast(word("copied"));
      return;
    }
    button.classList.add("waiting");
    try {
      const answer = await post(`/chat/people/${this.id}/press`, {
        message: Number(button.closest("li").dataset.id),
        data: button.dataset.data,
      });
      if (answer.text) toast(answer.text, { alert: answer.show_alert });
    } catch {
      toast(word("no-answer"));
    }
    button.classList.remove("waiting");
  }

  async open(url) {
    try {
      await openPage(this.id, url, this.page?.text ?? "");
    } catch {
      toast(word("no-answer"));
    }
  }

  async say(text) {
    if (!text.trim()) return;
    this.box.value = "";
    this.typed();
    this.menu(null);
    await this.send("text", { text, ...this.answering.taken() });
    this.focus();
  }

  async sample() {
    this.menu(null);
    this.root.classList.add("sending");
    await this.send("sample", {});
    this.root.classList.remove("sending");
  }

  async send(what, body) {
    try {
      return await post(`/chat/people/${this.id}/${what}`, body);
    } catch (error) {
      toast(word(error.status === 415 ? "not-a-photo" : error.status === 413 ? "too-big" : "failed"));
    }
  }

  typed() {
    this.box.style.height = "";
    if (this.box.value) this.box.style.height = `${Math.min(this.box.scrollHeight, 140)}px`;
    this.root.classList.toggle("writing", this.box.value.trim() !== "");
    this.menu(/^\/\w*$/.test(this.box.value) ? this.box.value.slice(1) : null);
  }

  key(event) {
    const commands = this.find(".commands");
    if (event.key === "Escape") this.menu(null);
    if (event.key === "Tab" && !commands.hidden && commands.firstElementChild) {
      event.preventDefault();
      this.box.value = commands.querySelector("button").dataset.name + " ";
      this.typed();
    }
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.say(this.box.value);
    }
  }

  menu(beginning) {
    const commands = this.find(".commands");
    const fitting = beginning === null ? [] : this.chat.commands.filter((c) => c.command.startsWith(beginning));
    commands.replaceChildren(...fitting.map((c) => {
      const [row, button, name] = ["li", "button", "b"].map((tag) => document.createElement(tag));
      name.textContent = button.dataset.name = `/${c.command}`;
      button.append(c.description, name);
      button.onclick = () => this.say(button.dataset.name);
      row.append(button);
      return row;
    }));
    if (beginning === "") commands.append(this.sampleRow());
    commands.hidden = !fitting.length;
    this.find(".menu").setAttribute("aria-expanded", !commands.hidden);
    this.find(".more").setAttribute("aria-expanded", false);
  }

  // What no selfie is, so that its answer can be tried as well.
  other(open) {
    const commands = this.find(".commands");
    this.menu(null);
    if (!open) return;
    commands.replaceChildren(...OTHER.map((kind) => {
      const [row, button] = ["li", "button"].map((tag) => document.createElement(tag));
      row.className = "extra";
      button.textContent = word(kind);
      button.dataset.kind = kind;
      button.onclick = () => this.sendOther(kind);
      row.append(button);
      return row;
    }));
    commands.hidden = false;
    this.find(".more").setAttribute("aria-expanded", true);
  }

  async sendOther(kind) {
    this.menu(null);
    if (kind !== "location") return this.send("other", { kind });
    const place = await askPlace();
    if (place) await this.send("location", place);
  }

  // The page itself is in the language of who is here first.
  async speak(language) {
    await this.send("language", { language });
    if (this.root.parentElement.firstElementChild === this.root) location.reload();
  }

  sampleRow() {
    const [row, button, about] = ["li", "button", "small"].map((tag) => document.createElement(tag));
    row.className = "extra";
    about.textContent = word("sample-about");
    button.append(word("sample"), about);
    button.onclick = () => this.sample();
    row.append(button);
    return row;
  }

  pasted(event) {
    const files = [...event.clipboardData.files];
    if (!files.length) return;
    event.preventDefault();
    this.offer(files);
  }

  dropping() {
    const zone = this.find(".drop");
    let depth = 0;
    const over = (on) => this.root.classList.toggle("dropping", on);
    this.root.ondragenter = (event) => {
      if (![...event.dataTransfer.types].includes("Files")) return;
      event.preventDefault();
      over(++depth > 0);
    };
    this.root.ondragleave = () => over((depth = Math.max(0, depth - 1)) > 0);
    this.root.ondragover = (event) => {
      event.preventDefault();
      for (const half of zone.children) half.classList.toggle("over", half.contains(event.target));
    };
    this.root.ondrop = (event) => {
      event.preventDefault();
      over((depth = 0) > 0);
      const as = event.target.closest("[data-as]")?.dataset.as ?? "photo";
      this.deliver([...event.dataTransfer.files], as, "");
    };
  }

  async offer(files) {
    if (!files.length) return;
    const choice = await preview(files);
    if (choice) await this.deliver(files, choice.as, choice.caption);
  }

  async deliver(files, as, caption) {
    const album = files.length > 1 ? String(Date.now()) : "";
    this.root.classList.add("sending");
    for (const [at, file] of files.entries()) {
      const about = new URLSearchParams({ name: file.name || "photo.jpg", mime: file.type });
      if (caption && at === 0) about.set("caption", caption);
      if (album) about.set("album", album);
      await this.send(`${as}?${about}`, file.slice(0, file.size, "application/octet-stream"));
    }
    this.root.classList.remove("sending");
    this.toEnd(true);
  }
}
