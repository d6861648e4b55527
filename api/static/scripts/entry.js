/** Articles are entered without leaving the page: an EAN, Enter, how many, Enter, and the cursor is back. */
function entering() {
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.matches("[data-swap]")) return;
    event.preventDefault();
    try {
      const { answer, page } = await ask(form, event.submitter);
      // Words lead to the search, a session that has ended to the sign-in.
      if (!page.getElementById("entry")) {
        location.assign(answer.url);
        return;
      }
      put(page, ["standing", "steps", "entry", "lines"]);
      say(page.querySelector(".notice")?.textContent.trim() ?? "");
      const field = document.querySelector("#entry [autofocus]");
      field?.focus();
      field?.select();
    } catch {
      form.submit();
    }
  });
}

entering();
