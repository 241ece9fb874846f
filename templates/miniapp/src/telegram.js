// What is used of Telegram's own script; each may be missing in an older app.
const web = window.Telegram?.WebApp;
const has = (version) => Boolean(web?.isVersionAtLeast?.(version));

export const launch = () => web?.initData ?? "";

export function ready(onBack) {
  web?.ready?.();
  web?.expand?.();
  if (has("7.7")) web.disableVerticalSwipes?.(); // or a finger on the slider would close the page
  if (has("6.1")) web.BackButton?.onClick(onBack);
  web?.onEvent?.("themeChanged", paint);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
  paint();
}

export function offerBack(wanted) {
  if (has("6.1")) wanted ? web.BackButton.show() : web.BackButton.hide();
  return has("6.1");
}

export const close = () => web?.close?.();

export function tick() {
  if (has("6.1")) web.HapticFeedback?.selectionChanged?.();
}

export function felt(what) {
  if (what === "tick") return tick();
  if (has("6.1")) web.HapticFeedback?.notificationOccurred?.("success");
}

// Themes are made by anybody: words stay readable on whatever colours come.
const WANTED = 4.6;

function paint() {
  const root = document.documentElement;
  if (web?.colorScheme) root.dataset.scheme = web.colorScheme;
  const theme = web?.themeParams ?? {};
  const dark = root.dataset.scheme === "dark" || (!web?.colorScheme && matchMedia("(prefers-color-scheme: dark)").matches);
  const ground = theme.section_bg_color ?? theme.bg_color ?? (dark ? "#1c1c1e" : "#ffffff");
  const behind = theme.secondary_bg_color ?? (dark ? "#0f0f10" : "#f2f2f6");
  const ink = readable(theme.text_color ?? (dark ? "#ffffff" : "#1b1b1f"), [ground, behind]);
  const accent = theme.button_color ?? theme.accent_text_color ?? (dark ? "#6fb3f2" : "#1f7ac4");
  const values = {
    ground,
    behind,
    ink,
    soft: readable(mixed(ink, ground, 0.62), [ground, behind]),
    line: theme.section_separator_color ?? mixed(ink, ground, 0.12),
    accent: readable(accent, [ground, behind]),
    fill: readable(accent, [theme.button_text_color ?? "#ffffff"]),
    onfill: theme.button_text_color ?? "#ffffff",
    danger: readable(theme.destructive_text_color ?? "#d1342f", [ground, behind]),
  };
  for (const [name, value] of Object.entries(values)) root.style.setProperty(`--${name}`, value);
  if (has("6.1")) web.setHeaderColor?.("secondary_bg_color");
  if (has("6.1")) web.setBackgroundColor?.("secondary_bg_color");
  dispatchEvent(new Event("painted"));
}

const parts = (colour) => {
  const whole = colour.length === 4 ? `#${[...colour.slice(1)].map((c) => c + c).join("")}` : colour;
  return [1, 3, 5].map((at) => parseInt(whole.slice(at, at + 2), 16));
};
const written = (rgb) => `#${rgb.map((value) => Math.round(value).toString(16).padStart(2, "0")).join("")}`;
const mixed = (one, other, share) => written(parts(one).map((value, at) => value * share + parts(other)[at] * (1 - share)));

function luminance(colour) {
  const [r, g, b] = parts(colour).map((value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

function readable(colour, grounds) {
  const enough = (tried) => grounds.every((ground) => contrast(tried, ground) >= WANTED);
  const away = luminance(grounds[0]) > 0.35 ? "#000000" : "#ffffff";
  let tried = colour;
  for (let step = 1; step <= 20 && !enough(tried); step += 1) tried = mixed(away, colour, step / 20);
  return tried;
}
