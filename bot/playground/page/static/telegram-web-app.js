// In the place of Telegram's own telegram-web-app.js: as much of it as pages here use, with nothing from the network.
(function () {
  const KEPT = "__telegram__initParams";
  const told = new URLSearchParams(location.hash.slice(1));
  let params = Object.fromEntries([...told].filter(([name]) => name.startsWith("tgWebApp")));
  try {
    if (!params.tgWebAppData) params = JSON.parse(sessionStorage.getItem(KEPT) || "{}"); // the page was loaded again
    sessionStorage.setItem(KEPT, JSON.stringify(params));
  } catch {} // a browser that keeps nothing

  const listeners = {};
  const send = (eventType, eventData = {}) => parent !== window && parent.postMessage(JSON.stringify({ eventType, eventData }), "*");
  const tell = (name) => (listeners[name] || []).forEach((listener) => listener());
  const theme = (given) => {
    app.themeParams = given;
    const light = parseInt((given.bg_color || "#ffffff").slice(1, 3), 16) > 127;
    app.colorScheme = light ? "light" : "dark";
    const style = document.documentElement.style;
    style.setProperty("--tg-color-scheme", app.colorScheme);
    for (const [name, colour] of Object.entries(given)) style.setProperty(`--tg-theme-${name.replaceAll("_", "-")}`, colour);
  };
  const button = (setup, pressed) => ({
    isVisible: false,
    show() { this.isVisible = true; send(setup, { is_visible: true }); return this; },
    hide() { this.isVisible = false; send(setup, { is_visible: false }); return this; },
    onClick(listener) { app.onEvent(pressed, listener); return this; },
    offClick(listener) { app.offEvent(pressed, listener); return this; },
  });

  const app = {
    initData: params.tgWebAppData || "",
    initDataUnsafe: Object.fromEntries(new URLSearchParams(params.tgWebAppData || "")),
    version: params.tgWebAppVersion || "6.0",
    platform: params.tgWebAppPlatform || "unknown",
    themeParams: {},
    colorScheme: "light",
    isExpanded: true,
    isVersionAtLeast(wanted) {
      const [mine, other] = [app.version, wanted].map((version) => version.split(".").map(Number));
      return mine[0] > other[0] || (mine[0] === other[0] && mine[1] >= other[1]);
    },
    onEvent(name, listener) { (listeners[name] ||= []).push(listener); },
    offEvent(name, listener) { listeners[name] = (listeners[name] || []).filter((each) => each !== listener); },
    ready: () => send("web_app_ready"),
    expand: () => send("web_app_expand"),
    close: () => send("web_app_close"),
    setHeaderColor: () => app,
    setBackgroundColor: () => app,
    disableVerticalSwipes: () => app,
    enableVerticalSwipes: () => app,
    openLink: (url) => open(url, "_blank", "noopener"),
    BackButton: button("web_app_setup_back_button", "backButtonClicked"),
    HapticFeedback: { impactOccurred: () => app, notificationOccurred: () => app, selectionChanged: () => app },
  };
  theme(JSON.parse(params.tgWebAppThemeParams || "{}"));
  addEventListener("message", ({ source, data }) => {
    if (source !== parent || parent === window) return;
    const { eventType, eventData } = JSON.parse(data);
    if (eventType === "back_button_pressed") tell("backButtonClicked");
    if (eventType === "theme_changed") {
      theme(eventData.theme_params);
      tell("themeChanged");
    }
  });
  window.Telegram = { WebApp: app };
})();
