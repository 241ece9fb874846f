// Elements, and Telegram's HTML as elements of a page: nothing but what is listed here comes in.
const PLAIN = { B: "strong", STRONG: "strong", I: "em", EM: "em", U: "u", INS: "u", S: "s", DEL: "s", CODE: "code", PRE: "code" };

const LONGEST_TITLE = 60;

export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function icon(path) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

// A message as { title, body }: its first line, and the rest in paragraphs and lists.
export function message(html, { withTitle = true } = {}) {
  const source = new DOMParser().parseFromString(html, "text/html").body;
  const lines = [[]];
  for (const node of source.childNodes) spread(node, lines);
  const first = withTitle ? text(lines.find((line) => text(line)) ?? []) : "";
  const title = first.length <= LONGEST_TITLE ? first : ""; // a message may be one sentence
  if (title) take(lines);
  return { title, body: h("div", { class: "told" }, ...blocks(lines)) };
}

function take(lines) {
  while (lines.length && !text(lines[0])) lines.shift();
  lines.shift();
}

const text = (line) => line.map((node) => node.textContent).join("").trim();

function spread(node, lines) {
  if (node.nodeName === "BLOCKQUOTE") {
    const inner = [[]];
    for (const child of node.childNodes) spread(child, inner);
    lines.push([h("div", { class: "quote" }, ...blocks(inner))], []);
    return;
  }
  if (node.nodeType === Node.TEXT_NODE) {
    node.textContent.split("\n").forEach((part, place) => {
      if (place) lines.push([]);
      if (part) lines.at(-1).push(document.createTextNode(part));
    });
    return;
  }
  if (node.nodeType !== Node.ELEMENT_NODE) return;
  const made = within(node);
  if (made) lines.at(-1).push(made);
}

function within(node) {
  const inside = [...node.childNodes].map((child) => (child.nodeType === Node.ELEMENT_NODE ? within(child) : document.createTextNode(child.textContent)));
  if (node.nodeName === "A" && /^(https:|mailto:|tg:)/.test(node.getAttribute("href") ?? "")) {
    return h("a", { href: node.getAttribute("href"), rel: "noopener noreferrer", target: "_blank" }, ...inside);
  }
  return h(PLAIN[node.nodeName] ?? "span", {}, ...inside);
}

function blocks(lines) {
  const made = [];
  let open = null;
  for (const line of lines) {
    const said = text(line);
    if (!said && !line.some((node) => node.nodeType === Node.ELEMENT_NODE)) {
      open = null;
    } else if (line[0]?.className === "quote") {
      made.push(line[0]);
      open = null;
    } else if (said.startsWith("• ")) {
      if (open?.nodeName !== "UL") made.push((open = h("ul")));
      open.append(h("li", {}, ...unbulleted(line)));
    } else {
      if (open?.nodeName !== "P") made.push((open = h("p")));
      else open.append(h("br"));
      open.append(...line);
    }
  }
  return made;
}

function unbulleted([first, ...rest]) {
  return [document.createTextNode(first.textContent.replace(/^\s*• /, "")), ...rest];
}

// The small picture that a label begins with, apart from its words: a reader of screens need not name it.
export function labelled(label) {
  const found = /^(\p{Extended_Pictographic}[\u{FE0F}\u{200D}\p{Emoji_Modifier}\p{Extended_Pictographic}]*)\s*(.+)$/u.exec(label);
  return found ? [h("span", { class: "glyph", "aria-hidden": "true" }, found[1]), h("span", {}, found[2])] : [h("span", {}, label)];
}
