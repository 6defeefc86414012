// <calendly-embed>: Calendly's booking page in an iframe of our own, and what it reports as DOM events.
//
// Events (all bubble): calendly:viewed, calendly:time-selected, calendly:scheduled with
// { eventUri, inviteeUri }; calendly:confirmed and calendly:failed are sent by the panel around it.

const SLOW_AFTER = 8000;
const LOWEST = 400;
const HIGHEST = 2000;
const CONSENT = "wc_consent";
const URI = /^https:\/\/[^/?#\s]+\/[\w\-/]{1,200}$/;
const EVENTS = {
  "calendly.event_type_viewed": "calendly:viewed",
  "calendly.date_and_time_selected": "calendly:time-selected",
};
const PREFILL_AT = ["calendly.event_type_viewed", "calendly.date_and_time_selected"];

class CalendlyEmbed extends HTMLElement {
  connectedCallback() {
    this.listening = new AbortController();
    const { signal } = this.listening;
    window.addEventListener("message", (event) => this.hear(event), { signal });
    window.addEventListener("online", () => this.state === "offline" && this.load(), { signal });
    this.addEventListener("click", (event) => this.press(event), { signal });
    this.dialog = this.querySelector("dialog");
    this.querySelector("[data-wc-load]").hidden = false;
    this.become("idle");
    if (this.dialog) return;
    if (sessionStorage.getItem(CONSENT)) this.load();
    else if (this.dataset.consent === "visible") this.loadWhenSeen(signal);
  }

  disconnectedCallback() {
    this.listening.abort();
    clearTimeout(this.timer);
  }

  press({ target }) {
    if (target.closest("[data-wc-load]")) this.agree();
    else if (target.closest("[data-wc-retry]")) this.load();
    else if (target.closest("[data-wc-close]")) this.dialog?.close();
  }

  /** The visitor agreed to load Calendly: remembered for the visit in this tab, not longer. */
  agree() {
    sessionStorage.setItem(CONSENT, "1");
    if (this.dialog && !this.dialog.open) this.dialog.showModal();
    if (!this.frame || this.state === "offline") this.load();
    // In the dialog the focus stays outside the frame, where Escape is heard.
    if (!this.dialog) this.frame?.focus();
  }

  loadWhenSeen(signal) {
    const seen = new IntersectionObserver(([entry]) => {
      if (!entry.isIntersecting) return;
      seen.disconnect();
      this.load();
    });
    seen.observe(this);
    signal.addEventListener("abort", () => seen.disconnect());
  }

  load() {
    this.frame?.remove();
    this.frame = undefined;
    clearTimeout(this.timer);
    if (!navigator.onLine) return this.become("offline");
    this.become("loading");
    this.frame = document.createElement("iframe");
    this.frame.className = "wc-frame__iframe";
    this.frame.title = this.dataset.title;
    this.frame.addEventListener("load", () => this.classList.add("wc-frame--painted"));
    this.frame.src = this.dataset.address;
    this.querySelector("[data-wc-frame]").append(this.frame);
    this.timer = setTimeout(() => this.state === "loading" && this.become("slow"), SLOW_AFTER);
  }

  /** Show what belongs to a state: each part names the states in which it stands. */
  become(state) {
    this.state = state;
    if (state === "loading") this.classList.remove("wc-frame--painted");
    if (state === "ready") this.classList.add("wc-frame--painted");
    for (const part of this.querySelectorAll("[data-wc-when]")) {
      part.hidden = !part.dataset.wcWhen.split(" ").includes(state);
    }
  }

  /** Any window can post a message here: only our own frame on one of Calendly's origins is heard. */
  hear({ origin, source, data }) {
    if (!this.frame || source !== this.frame.contentWindow) return;
    if (!this.dataset.origins.split(" ").includes(origin)) return;
    const name = data?.event;
    if (typeof name !== "string" || !name.startsWith("calendly.")) return;
    clearTimeout(this.timer);
    if (this.state !== "ready") this.become("ready");
    if (PREFILL_AT.includes(name)) this.prefill(origin);
    if (name === "calendly.page_height") this.resize(data.payload?.height);
    else if (name === "calendly.event_scheduled") this.scheduled(data.payload);
    else if (EVENTS[name]) this.announce(EVENTS[name], {});
  }

  scheduled(payload) {
    const detail = { eventUri: payload?.event?.uri, inviteeUri: payload?.invitee?.uri };
    if (!URI.test(detail.eventUri) || !URI.test(detail.inviteeUri)) return;
    if (this.dialog?.open) this.dialog.close();
    this.announce("calendly:scheduled", detail);
  }

  /** "1200px" or a number; tiny values are sent while the page builds itself. */
  resize(height) {
    const pixels = parseFloat(height);
    if (this.dialog || !(pixels >= 100)) return;
    this.frame.style.blockSize = `${Math.min(HIGHEST, Math.max(LOWEST, Math.ceil(pixels)))}px`;
  }

  /** By message, so that no name or e-mail stands in an address; the page listens from these moments on. */
  prefill(origin) {
    if (!this.dataset.prefill) return;
    const message = { event: "calendly.prefill", payload: JSON.parse(this.dataset.prefill) };
    this.frame.contentWindow.postMessage(message, origin);
  }

  announce(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, detail }));
  }
}

customElements.get("calendly-embed") ?? customElements.define("calendly-embed", CalendlyEmbed);
