/** A line that was changed saves itself. What is being typed stays as it is. */
function saving() {
  let last = Promise.resolve();
  document.addEventListener("change", (event) => {
    const form = event.target.closest?.("form[data-save]");
    if (form) last = last.then(() => save(form));
  });
}

async function save(form) {
  const saved = form.querySelector(".saved");
  try {
    const { answer, page } = await ask(form);
    const lines = page.querySelectorAll("form[data-save] tbody tr");
    if (!lines.length) throw new Error(answer.statusText);
    for (const line of lines) renew(document.getElementById(line.id), line);
    document.querySelector(".totals")?.replaceWith(page.querySelector(".totals"));
    put(page, ["standing", "steps", "lines-title"]);
    const good = answer.ok && !page.querySelector("form[data-save] [aria-invalid]");
    saved.textContent = good ? saved.dataset.saved : saved.dataset.failed;
    saved.classList.toggle("wrong", !good);
  } catch {
    saved.textContent = saved.dataset.failed;
    saved.classList.add("wrong");
  }
}

/** Takes over a line's cells; a field in which somebody writes only learns what was saved. */
function renew(here, there) {
  if (!here) return;
  const cells = [...there.cells];
  [...here.cells].forEach((cell, at) => {
    const field = cell.querySelector("input");
    if (field && field === document.activeElement) field.name = cells[at].querySelector("input").name;
    else cell.replaceWith(cells[at]);
  });
}

saving();
