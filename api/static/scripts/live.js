/** Says when somebody else has moved what this page shows, and moves its counters along. Nothing jumps, no focus moves. */
function live() {
  const region = document.getElementById("live");
  let after = document.body.dataset.live;
  if (!region || !after || !window.EventSource) return;
  const shown = location.pathname.match(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/)?.[0];
  let source, waiting;

  function say(text, href, label) {
    const link = document.createElement("a");
    link.href = href;
    link.textContent = label;
    const close = document.createElement("button");
    close.className = "plain";
    close.textContent = "×";
    close.setAttribute("aria-label", region.dataset.close);
    close.onclick = () => region.replaceChildren();
    const words = document.createElement("span");
    words.textContent = text;
    region.replaceChildren(words, link, close);
  }

  /** Takes counters and standing from a fresh copy of this page, except where the focus is. */
  async function refresh() {
    waiting = 0;
    const answer = await fetch(location.href, { headers: { Accept: "text/html", "Bordereau-Unasked": "1" } }).catch(() => 0);
    if (!answer?.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of [".standing", ".tabs .count", ".counters li"]) {
      const [old, fresh] = [document, page].map((of) => of.querySelectorAll(part));
      if (old.length !== fresh.length) continue;
      old.forEach((one, at) => {
        if (one.innerHTML === fresh[at].innerHTML || one.contains(document.activeElement)) return;
        one.className = fresh[at].className;
        one.innerHTML = fresh[at].innerHTML;
      });
    }
  }

  function hear(event) {
    after = event.lastEventId;
    const news = JSON.parse(event.data);
    if (news.text && news.id === shown) say(news.text, location.href, region.dataset.reload);
    else if (news.text && !shown) say(news.text, news.path, region.dataset.see);
    waiting ||= setTimeout(refresh, 300);
  }

  /** A page that nobody looks at does not listen: browsers have few connections to one host. */
  function listen() {
    source?.close();
    source = null;
    if (document.hidden) return;
    source = new EventSource(`/live?after=${after}${shown ? `&on=${shown}` : ""}`);
    source.onmessage = hear;
    source.onerror = () => source?.readyState === EventSource.CLOSED && setTimeout(listen, 60_000);
  }
  document.addEventListener("visibilitychange", listen);
  window.addEventListener("pagehide", () => source?.close());
  listen();
}

live();
