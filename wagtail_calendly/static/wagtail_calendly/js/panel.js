// The panel of a chosen session: swaps it in, moves focus, tells our server what the frame reported.

import "./calendly-embed.js";
import { countDown } from "./hold.js";

const CONFIRM_SECONDS = 20;
const origins = new WeakMap();

const panelOf = (element) => element.closest("[data-wc-panel]");
const choicesOf = (block) => block.querySelector("[data-wc-choices]");

/** Swap the panel of this link's session in. Where that cannot be, the link of a visitor who `asked` is a plain link. */
export async function choose(link, asked = true) {
  const block = link.closest("[data-wc-block]");
  const panel = block?.querySelector("[data-wc-panel]");
  if (!panel || !window.htmx) return asked && location.assign(link.href);
  if (!navigator.onLine) return asked && offline(block, link);
  origins.set(panel, link);
  panel.toggleAttribute("data-wc-unasked", !asked);
  link.setAttribute("aria-busy", "true");
  await get(withCampaign(link.href), panel, "innerHTML");
  link.removeAttribute("aria-busy");
  // What never came is asked for as a page, which says what is wrong, or works.
  if (!panel.firstElementChild && asked) location.assign(link.href);
}

/** A panel that came with its page. htmx, when it comes late, may have missed the page's own start. */
export function start(block) {
  const panel = block.querySelector("[data-wc-panel]");
  window.htmx?.process(panel);
  opened(panel);
}

/** Ask once whether the visitor can go on where they were; the offer stands above the choices, or above the
 * calendar where it `unfolds` by itself: then for what is booked and not finished only. */
export async function resume(block, unfolds = false) {
  const link = block.querySelector("a[data-wc-choose]");
  const choices = choicesOf(block);
  if (!link || !choices || !window.htmx) return;
  const place = document.createElement("div");
  choices.before(place);
  await get(new URL("../../resume/", link.href).pathname, place, "outerHTML");
  if (place.isConnected && !place.firstChild) place.remove();
  if (unfolds) block.querySelector("[data-wc-resume]:has([data-wc-choose])")?.remove();
}

/** By htmx; what went wrong is seen in what is missing afterwards. */
const get = (path, target, swap) => window.htmx.ajax("GET", path, { source: target, target, swap }).catch(() => {});

function offline(block, link) {
  const note = block.querySelector("[data-wc-offline]");
  if (!note) return;
  note.hidden = false;
  const goOn = () => {
    note.hidden = true;
    choose(link);
  };
  window.addEventListener("online", goOn, { once: true });
}

/** The host page's campaign goes along; the server keeps what its settings allow. */
function withCampaign(href) {
  const url = new URL(href);
  for (const [name, value] of new URLSearchParams(location.search)) {
    if (name.startsWith("utm_")) url.searchParams.set(name, value);
  }
  return url.pathname + url.search;
}

/** Told once, and no matter whether it arrives: how many opened a session is all that is counted. */
function opened(panel) {
  const form = panel.querySelector("[data-wc-opened]");
  if (form) navigator.sendBeacon(form.action, new FormData(form));
  form?.remove();
}

function show(panel) {
  const block = panel.closest("[data-wc-block]");
  const choices = block && choicesOf(block);
  if (choices) choices.hidden = true;
  panel.hidden = false;
  if (panel.hasAttribute("data-wc-unasked")) return panel.removeAttribute("data-wc-unasked");
  block?.querySelector("[data-wc-resume]")?.remove();
  focusHeading(panel);
}

function focusHeading(panel) {
  const heading = panel.querySelector("[data-wc-heading]");
  heading?.focus({ preventScroll: true });
  const top = (heading ?? panel).getBoundingClientRect().top;
  if (top < 0 || top > innerHeight * 0.6) (heading ?? panel).scrollIntoView({ block: "start" });
}

function back(event, panel) {
  const choices = choicesOf(panel.closest("[data-wc-block]"));
  if (!choices) return;
  event.preventDefault();
  panel.replaceChildren();
  panel.hidden = true;
  choices.hidden = false;
  const origin = origins.get(panel);
  (origin?.isConnected ? origin : choices.querySelector("a"))?.focus();
}

/** What the frame reported goes to our server, which asks Calendly itself. */
async function confirm(embed, { eventUri, inviteeUri }) {
  const panel = panelOf(embed);
  tell(panel, "confirming");
  try {
    const response = await fetch(embed.dataset.confirm, {
      method: "POST",
      credentials: "same-origin",
      signal: AbortSignal.timeout(CONFIRM_SECONDS * 1000),
      headers: { "Content-Type": "application/json", "X-CSRFToken": token(panel) },
      body: JSON.stringify({ reference: embed.dataset.reference, invitee_uri: inviteeUri, event_uri: eventUri }),
    });
    if (!response.ok) throw new Error(String(response.status));
    const { status } = await response.json();
    if (status === "confirmed") announce(embed, "calendly:confirmed", {});
    await window.htmx.ajax("GET", embed.dataset.done, { source: panel, target: panel, swap: "innerHTML" });
  } catch {
    announce(embed, "calendly:failed", { reason: "confirm" });
    tell(panel, "unconfirmed");
    const again = panel.querySelector("[data-wc-confirm-again]");
    if (again) again.onclick = () => confirm(embed, { eventUri, inviteeUri });
  }
}

const token = (panel) => panel.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";

const announce = (element, name, detail) =>
  element.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, detail }));

/** Show one of the panel's prepared messages; each stands in a live region. */
function tell(panel, which) {
  for (const message of panel.querySelectorAll("[data-wc-message]")) {
    message.hidden = message.dataset.wcMessage !== which;
  }
}

/** The time in the zone where the visitor is now, where that is another than the one they chose. */
function localTimes(root) {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  for (const note of root.querySelectorAll("[data-wc-here]")) {
    const start = new Date(note.dataset.start);
    const clock = (timeZone) => start.toLocaleString("en", { timeZone });
    if (!here || clock(here) === clock(note.dataset.zone)) continue;
    const format = new Intl.DateTimeFormat(document.documentElement.lang || undefined, {
      weekday: "long", day: "numeric", month: "long", hour: "numeric", minute: "2-digit", timeZoneName: "long",
    });
    note.querySelector("[data-wc-here-time]").textContent = format.formatRange(start, new Date(note.dataset.end));
    note.hidden = false;
  }
}

document.addEventListener("calendly:scheduled", (event) => confirm(event.target, event.detail));

document.addEventListener("click", (event) => {
  const panel = event.target.closest?.("[data-wc-panel]");
  if (panel && event.target.closest("[data-wc-change]")) back(event, panel);
  const dismiss = event.target.closest?.("[data-wc-dismiss]");
  if (dismiss) {
    document.cookie = "wc_resume=; Max-Age=0; Path=/; SameSite=Lax";
    dismiss.closest("[data-wc-resume]").remove();
  }
});

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  // "Too many" comes as 429 with a fragment that says what to do; htmx shows successes only.
  if (detail.xhr.status === 429 && panelOf(detail.target)) detail.shouldSwap = true;
});

document.addEventListener("htmx:afterSwap", ({ detail }) => {
  const { target } = detail;
  if (!target.matches?.("[data-wc-panel]")) return;
  show(target);
  opened(target);
  localTimes(target);
  countDown(target);
});

for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(failure, ({ target, detail }) => {
    const panel = target.closest?.("[data-wc-panel]");
    if (panel && detail.requestConfig?.verb === "post" && detail.xhr.status !== 429) tell(panel, "unsent");
  });
}

localTimes(document);
countDown(document);
