/** Articles are entered without leaving the page: an EAN, Enter, how many, Enter, and the cursor is back. A form names
 *  the parts of the page that it changes, first the one in which the cursor stands. */
function entering() {
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.matches("[data-swap]")) return;
    event.preventDefault();
    const ids = form.dataset.swap.split(" ");
    try {
      const { answer, page } = await ask(form, event.submitter);
      // Words lead to the search, a session that has ended to the sign-in.
      if (!page.getElementById(ids[0])) {
        location.assign(answer.url);
        return;
      }
      put(page, ids);
      say(page.querySelector(".notice")?.textContent.trim() ?? "");
      const field = document.querySelector(`#${ids[0]} [autofocus]`) ?? document.querySelector(`#${ids.at(-1)} button`);
      field?.focus();
      if (field?.select) field.select();
    } catch {
      form.submit();
    }
  });
}

entering();
