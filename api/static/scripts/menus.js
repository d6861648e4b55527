// What pages do more than they can without a script. Everything works when this file does not load.

/** Menus and forms that unfold close with Escape and with a click beside them; the focus goes back where it was. */
function foldable() {
  const open = () => document.querySelectorAll("details.who[open], details.new[open]");
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const details of open()) {
      const inside = details.contains(document.activeElement);
      details.open = false;
      if (inside) details.querySelector("summary")?.focus();
    }
  });
  document.addEventListener("click", (event) => {
    for (const details of document.querySelectorAll("details.who[open]")) {
      if (!details.contains(event.target)) details.open = false;
    }
  });
}

foldable();
