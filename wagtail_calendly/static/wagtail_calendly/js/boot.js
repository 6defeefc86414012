// Wakes booking blocks. All that loads before a visitor acts: the rest comes on first intent, on
// choosing, or where the marker cookie says that there is something to resume.

const CONFIG = { includeIndicatorStyles: false, allowEval: false };
const INTENTS = ["pointerover", "focusin", "touchstart"];
const blocks = [...document.querySelectorAll("[data-wc-block]")];
let awake;

const near = (path) => new URL(path, import.meta.url).href;

// At the end of the body, so that our later stylesheet stands after the block's own.
const loaded = (element) =>
  new Promise((resolve, reject) => {
    element.onload = resolve;
    element.onerror = reject;
    document.body.append(element);
  });

async function loadHtmx() {
  const address = blocks.map((block) => block.dataset.htmx).find(Boolean);
  if (window.htmx || !address) return;
  // htmx reads its meta once, as it loads: set later, its inline styles would be refused by a strict CSP.
  document.head.append(
    Object.assign(document.createElement("meta"), { name: "htmx-config", content: JSON.stringify(CONFIG) }),
  );
  await loaded(Object.assign(document.createElement("script"), { src: address }));
  Object.assign(window.htmx.config, CONFIG);
}

const loadStyles = () => {
  const href = near("../css/visitor.css");
  if ([...document.styleSheets].some((sheet) => sheet.href === href)) return null;
  return loaded(Object.assign(document.createElement("link"), { rel: "stylesheet", href }));
};

const wake = () => {
  awake ??= Promise.all([import("./panel.js"), loadHtmx(), loadStyles()]).then(([panel]) => panel);
  awake.catch(() => (awake = undefined));
  return awake;
};

const open = (link) =>
  wake().then(
    (panel) => panel.choose(link),
    () => location.assign(link.href),
  );

// Nobody asked for it yet: it must not take the focus, nor leave the page where it cannot load.
const unfold = (link) => wake().then((panel) => panel.choose(link, false)).catch(() => {});

const isPlain = (event) => !(event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-wc-choose]");
  if (!link?.closest("[data-wc-block]") || event.defaultPrevented || !isPlain(event)) return;
  event.preventDefault();
  open(link);
});

const seen = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    seen.unobserve(target);
    unfold(target.querySelector("a[data-wc-choose]"));
  }
});

for (const block of blocks) {
  for (const intent of INTENTS) {
    block.addEventListener(intent, () => wake().catch(() => {}), { once: true, passive: true });
  }
  if (block.querySelector("[data-wc-panel] > *")) {
    wake().then((panel) => panel.start(block));
    continue;
  }
  const { wcLayout, wcConsent } = block.dataset;
  const unfolds = wcLayout === "direct" && wcConsent === "visible" && block.querySelector("a[data-wc-choose]");
  if (unfolds) seen.observe(block);
  if (block === blocks[0] && /(^|; )wc_resume=/.test(document.cookie)) {
    wake().then((panel) => panel.resume(block, unfolds));
  }
}
