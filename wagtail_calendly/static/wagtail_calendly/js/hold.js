// The time in which a chosen slot waits for its payment: counts what the server said, and asks it at the end.

const ENDING = 300;
// The server decides by its own clock; asked a moment later, it has something to say.
const GRACE = 1500;

/** Count down every hold within `root`. Seconds are those of this page's life, whatever its clock shows. */
export function countDown(root) {
  for (const hold of root.querySelectorAll("[data-wc-hold]")) {
    const ends = performance.now() + Number(hold.dataset.wcHold) * 1000;
    tick(hold, ends);
  }
}

function tick(hold, ends) {
  if (!hold.isConnected) return;
  const left = Math.max(0, Math.ceil((ends - performance.now()) / 1000));
  hold.querySelector("[data-wc-hold-left]").textContent = spoken(left);
  if (left <= ENDING) warn(hold);
  if (left) setTimeout(() => tick(hold, ends), left > 60 ? (left % 60 || 60) * 1000 : 1000);
  else setTimeout(() => ask(hold), GRACE);
}

function warn(hold) {
  hold.classList.add("wc-hold--ending");
  // Told once: what changes every second is for the eyes only.
  const message = hold.parentElement.querySelector("[data-wc-hold-ending]");
  if (message) message.hidden = false;
}

function ask(hold) {
  const poll = hold.closest("[data-wc-panel]")?.querySelector("[data-wc-poll]");
  if (!poll || !window.htmx) return;
  const target = hold.closest("[data-wc-panel]");
  window.htmx.ajax("GET", poll.getAttribute("hx-get"), { source: poll, target, swap: "innerHTML" }).catch(() => {});
}

/** Such as "28 minutes", in the language of the page. */
function spoken(seconds) {
  const unit = seconds >= 60 ? "minute" : "second";
  const amount = unit === "minute" ? Math.ceil(seconds / 60) : seconds;
  const language = document.documentElement.lang || undefined;
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(amount);
}
