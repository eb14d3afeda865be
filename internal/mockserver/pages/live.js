// Brings in what has changed since the page was loaded, and carries out clicks, without moving focus or place. Without
// scripts the page reloads itself, and so does a click.
"use strict";

async function refresh() {
  if (document.hidden) return;
  const response = await fetch(location.href, { cache: "no-store" });
  if (!response.ok) return;
  const next = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("live");
  const shown = document.getElementById("live");
  if (!next || next.innerHTML === shown.innerHTML) return;
  const focused = document.activeElement?.id;
  shown.replaceChildren(...next.childNodes);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

// A mock that has ended answers nothing: the page stays as it was and tries again.
setInterval(() => refresh().catch(() => {}), 2000);

document.getElementById("changes")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = new FormData(event.target, event.submitter);
  try {
    await fetch(event.target.action, { method: "POST", body: new URLSearchParams(form) });
    await refresh();
  } catch {
    location.reload(); // the mock has ended, and the browser says so
  }
});
