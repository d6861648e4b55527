/** A form is sent once: a second click on its button while it is on its way does nothing. */
function once() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
  });
  // A page that comes back from the browser's memory may be sent again.
  window.addEventListener("pageshow", () => {
    for (const form of document.forms) delete form.dataset.sent;
  });
}

/** Enter in a field that narrows choices looks for them, and sends nothing else. */
function narrow() {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.name?.startsWith("find.")) return;
    event.preventDefault();
    event.target.parentElement.querySelector("button").click();
  });
}

once();
narrow();
