// Comfort for the booking pages, which work without it: the visitor's own time zone, messages to the
// window around us in Calendly's terms, and prefill from that window.
(() => {
  const root = document.documentElement;
  const framed = window.parent !== window && "embedded" in root.dataset;
  const post = (message) => framed && window.parent.postMessage(message, "*");
  const arrivedWithin = document.referrer.startsWith(`${location.origin}/`);

  function announce() {
    const { message, once } = root.dataset;
    if (message && !(once !== undefined && arrivedWithin)) post(JSON.parse(message));
  }

  function reportHeight() {
    if (!framed) return;
    let last = 0;
    new ResizeObserver(() => {
      const height = Math.ceil(root.getBoundingClientRect().height);
      if (height === last) return;
      last = height;
      post({ event: "calendly.page_height", payload: { height: `${height}px` } });
    }).observe(root);
  }

  // Runs before the body is there, so that nobody sees or presses the times of the other zone.
  function useOwnZone() {
    const { zone } = root.dataset;
    const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (!zone || !own || own === zone) return;
    const address = new URL(location.href);
    address.searchParams.set("timezone", own);
    location.replace(address);
  }

  function submitOnChange() {
    for (const select of document.querySelectorAll("[data-submits]")) {
      select.form.querySelector("button").hidden = true;
      select.addEventListener("change", () => select.form.requestSubmit());
    }
  }

  function choose(fieldset, value) {
    const boxes = [...fieldset.querySelectorAll("input[type=radio], input[type=checkbox]")];
    if (boxes.some((box) => box.checked)) return;
    for (const part of String(value).split(",")) {
      const box = boxes[Number(part) - 1] ?? boxes.find((each) => each.value === part.trim());
      if (box) box.checked = true;
    }
  }

  function prefill(values) {
    const name = values.name || [values.first_name, values.last_name].filter(Boolean).join(" ");
    for (const field of document.querySelectorAll("[data-prefill]")) {
      const given = field.dataset.prefill === "name" ? name : values[field.dataset.prefill];
      if (given === undefined || given === null || given.length === 0) continue;
      if (field.tagName === "FIELDSET") choose(field, given);
      else if (!field.value) field.value = Array.isArray(given) ? given.join(", ") : given;
    }
  }

  function listen() {
    window.addEventListener("message", (event) => {
      if (event.source !== window.parent || event.data?.event !== "calendly.prefill") return;
      whenParsed(() => prefill(event.data.payload ?? {}));
    });
  }

  // The answer to what is announced may come while the rest of the page is still on its way.
  function whenParsed(work) {
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", work);
    else work();
  }

  listen();
  announce();
  useOwnZone();
  whenParsed(() => {
    reportHeight();
    submitOnChange();
    document.querySelector(".summary")?.focus();
  });
})();
