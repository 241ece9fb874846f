// A Mini App over the chat, in a frame: opened with what Telegram signs, and spoken to as Telegram's apps do.
import { post } from "./app.js";

const sheet = document.querySelector("dialog.page");
const frame = sheet.querySelector("iframe");
const back = sheet.querySelector(".back");

const dark = () => (document.documentElement.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";

export async function openPage(person, url, title) {
  const { url: signed } = await post(`/chat/people/${person}/launch`, { url, theme: dark() ? "dark" : "light" });
  sheet.querySelector("b").textContent = title;
  back.hidden = true;
  frame.src = signed;
  sheet.showModal();
}

function tell(eventType, eventData = {}) {
  frame.contentWindow.postMessage(JSON.stringify({ eventType, eventData }), "*");
}

function closed() {
  frame.src = "about:blank";
}

back.onclick = () => tell("back_button_pressed");
sheet.querySelector(".close").onclick = () => sheet.close();
sheet.addEventListener("close", closed);
addEventListener("message", ({ source, data }) => {
  if (source !== frame.contentWindow) return;
  const { eventType, eventData } = JSON.parse(data);
  if (eventType === "web_app_close") sheet.close();
  if (eventType === "web_app_setup_back_button") back.hidden = !eventData.is_visible;
});
