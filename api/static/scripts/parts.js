/** Asks for a page of ours and reads it: what has changed of it is put into the page that is open. */
async function ask(form, submitter, signal) {
  const fields = new URLSearchParams(new FormData(form, submitter));
  const get = form.method === "get";
  const address = get ? `${form.action}?${fields}` : form.action;
  const answer = await fetch(address, { method: form.method, body: get ? null : fields, headers: { accept: "text/html" }, signal });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return { answer, page };
}

/** Puts parts of another page in place of those here that have the same id. */
function put(page, ids) {
  for (const id of ids) {
    const [here, there] = [document.getElementById(id), page.getElementById(id)];
    if (here && there) here.replaceWith(document.adoptNode(there));
  }
}

/** What the page has to say, for those who see it and those who hear it. */
function say(text) {
  const said = document.getElementById("said");
  if (said) said.textContent = text;
}
