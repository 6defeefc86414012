// Keeps the panel of a running sync fresh in the admin, then shows the list as it is afterwards.
const PAUSE = 1500;

class SyncProgress extends HTMLElement {
  connectedCallback() {
    this.schedule();
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
  }

  schedule() {
    if (this.querySelector('[data-under-way]')) {
      this.timer = setTimeout(() => this.look(), PAUSE);
    }
  }

  async look() {
    try {
      const response = await fetch(this.dataset.src, {
        headers: { 'X-Requested-With': 'XMLHttpRequest' },
      });
      if (!response.ok) return;
      this.innerHTML = await response.text();
    } catch {
      // Offline for a moment: the panel stays as it is and is asked for again.
    }
    if (this.querySelector('[data-under-way]')) this.schedule();
    else window.location.reload();
  }
}

customElements.define('wc-sync-progress', SyncProgress);
