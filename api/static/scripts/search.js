/** Results come as one types; an older question is dropped. */
function searching() {
  let waiting = 0;
  let asked = new AbortController();
  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form[data-search]");
    if (!form) return;
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      asked.abort();
      asked = new AbortController();
      try {
        const { page } = await ask(form, null, asked.signal);
        put(page, ["results"]);
        const found = document.querySelector("#results [data-found]");
        document.getElementById("found").textContent = found?.textContent ?? "";
        history.replaceState(null, "", `${form.action}?${new URLSearchParams(new FormData(form))}`);
      } catch {
        // The next letter asks again, and Enter always works.
      }
    }, 150);
  });
}

searching();
