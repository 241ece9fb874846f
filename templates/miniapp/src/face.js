// A picture of the person: fetched when it comes into sight, covered where they want it so, a quiet place where there is none.
import { picture } from "./api.js";
import { h } from "./html.js";
import { state } from "./main.js";

const seen = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    seen.unobserve(target);
    target.load();
  }
}, { rootMargin: "300px" });

// `eager`: it is the first thing to be seen. `covered`: what is called when a covered one is asked for.
export function face(path, { alt = "", eager = false, onGone = null } = {}) {
  const box = h("span", { class: "face" });
  box.load = async () => {
    try {
      const address = await picture(path);
      const image = h("img", { alt, draggable: "false", decoding: "async" });
      image.src = address;
      await image.decode();
      box.replaceChildren(image);
      box.classList.add("here");
      if (eager && !performance.getEntriesByName("face").length) performance.mark("face");
    } catch (error) {
      box.classList.add("gone");
      onGone?.(error);
    }
  };
  if (state.person.veils || !state.person.agreed) box.classList.add(state.person.veils ? "veiled" : "gone");
  else if (eager) box.load();
  else seen.observe(box);
  return box;
}

addEventListener("contextmenu", (event) => {
  if (document.documentElement.classList.contains("guarded") && event.target.closest?.(".face, .pair")) event.preventDefault();
});
