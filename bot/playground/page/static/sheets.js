// What comes over the chat for a moment: previews, the camera, large pictures, toasts and alerts.

const dialog = (name) => document.querySelector(`dialog.${name}`);

export const word = (name) => document.querySelector("#words").content.querySelector(`[data-word="${name}"]`)?.textContent;

function closed(sheet) {
  return new Promise((resolve) => sheet.addEventListener("close", () => resolve(sheet.returnValue), { once: true }));
}

function opened(sheet) {
  sheet.returnValue = "";
  sheet.showModal();
  return closed(sheet);
}

export function toast(text, { alert = false } = {}) {
  if (alert) {
    dialog("alert").querySelector("p").textContent = text;
    opened(dialog("alert"));
    return;
  }
  const note = document.createElement("div");
  note.textContent = text;
  document.querySelector(".toasts").append(note);
  setTimeout(() => note.remove(), 3600);
}

export async function preview(files) {
  const sheet = dialog("preview");
  const urls = files.map((file) => URL.createObjectURL(file));
  sheet.querySelector(".thumbs").replaceChildren(...files.map((file, at) => thumb(file, urls[at])));
  sheet.querySelector(".caption").value = "";
  const showable = files.every((file) => file.type.startsWith("image/") && !/hei[cf]/.test(file.type));
  sheet.querySelector(`[value="${showable ? "photo" : "file"}"]`).checked = true;
  const answer = await opened(sheet);
  urls.forEach((url) => URL.revokeObjectURL(url));
  if (answer !== "send") return null;
  return { as: sheet.querySelector("[name=as]:checked").value, caption: sheet.querySelector(".caption").value.trim() };
}

function thumb(file, url) {
  const image = new Image();
  image.alt = file.name;
  image.onerror = () => {
    const name = document.createElement("span");
    name.textContent = file.name;
    image.replaceWith(name);
  };
  image.src = url;
  return image;
}

export async function hasCamera() {
  const devices = await navigator.mediaDevices?.enumerateDevices().catch(() => []);
  return (devices ?? []).some((device) => device.kind === "videoinput");
}

export async function shoot() {
  const sheet = dialog("shoot");
  const video = sheet.querySelector("video");
  const failed = sheet.querySelector(".failed");
  const shutter = sheet.querySelector(".shutter");
  failed.hidden = true;
  shutter.disabled = true;
  video.onloadeddata = () => (shutter.disabled = false);
  const answer = opened(sheet);
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({
      video: { facingMode: "user", width: { ideal: 2560 }, height: { ideal: 1920 } },
    });
    video.srcObject = stream;
  } catch {
    failed.hidden = false;
  }
  const photo = (await answer) === "shoot" && stream ? await still(video) : null;
  stream?.getTracks().forEach((track) => track.stop());
  video.srcObject = null;
  return photo;
}

async function still(video) {
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext("2d").drawImage(video, 0, 0);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.95));
  return new File([blob], "camera.jpg", { type: "image/jpeg" });
}

export async function askPerson() {
  const sheet = dialog("new-person");
  const form = sheet.querySelector("form");
  const languages = document.querySelector("#t-pane").content.querySelectorAll("select option");
  form.elements.language.replaceChildren(...[...languages].map((option) => option.cloneNode(true)));
  form.elements.language.value = navigator.language.slice(0, 2);
  form.elements.name.value = "";
  if ((await opened(sheet)) !== "add") return null;
  return { name: form.elements.name.value, language: form.elements.language.value };
}

export async function askPlace() {
  const sheet = dialog("place");
  sheet.querySelector(".here").hidden = !navigator.geolocation;
  const answer = await opened(sheet);
  if (answer === "here") return whereabouts();
  if (answer !== "send") return null;
  const [latitude, longitude] = sheet.querySelector("select").value.split(" ").map(Number);
  return { latitude, longitude };
}

function whereabouts() {
  return new Promise((resolve) => navigator.geolocation.getCurrentPosition(
    ({ coords: { latitude, longitude } }) => resolve({ latitude, longitude }),
    () => {
      toast(word("no-place"));
      resolve(askPlace());
    },
    { timeout: 8000 },
  ));
}

export function large(url) {
  const sheet = dialog("large");
  const image = sheet.querySelector("img");
  const close = () => sheet.close();
  image.src = url;
  sheet.classList.remove("zoomed");
  image.onclick = (event) => {
    event.stopPropagation();
    const box = image.getBoundingClientRect();
    const [x, y] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    const stage = sheet.querySelector(".stage");
    if (!sheet.classList.toggle("zoomed")) return;
    stage.scrollTo(image.offsetWidth * x - stage.clientWidth / 2, image.offsetHeight * y - stage.clientHeight / 2);
  };
  sheet.querySelector("button").onclick = close;
  sheet.querySelector(".stage").onclick = close;
  sheet.showModal();
}
