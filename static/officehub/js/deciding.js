/* Dialogs of the approval page and the choosing of people. Elements say what they want in data attributes. */
(function () {
  "use strict";

  /* A refused deed comes back with its dialog open; here it becomes a modal one, on what is wrong. */
  const again = document.querySelector("dialog[data-again]");
  if (again) {
    again.close();
    again.showModal();
    const wrong = again.querySelector("[data-errors], .errorlist + *, [aria-invalid=true]");
    if (wrong) wrong.focus();
  }

  /* What is chosen in the menu opens its dialog and closes the menu; afterwards the menu has the focus again. */
  document.addEventListener("click", function (event) {
    const opener = event.target.closest("details.more [data-opens]");
    if (!opener) return;
    const menu = opener.closest("details.more");
    menu.removeAttribute("open");
    document.getElementById(opener.dataset.opens).addEventListener("close", function () {
      menu.querySelector("summary").focus();
    }, { once: true });
  });

  /* An opinion already written goes along with another deed, so that a refusal brings it back. */
  document.addEventListener("submit", function (event) {
    event.target.querySelectorAll("[data-copies]").forEach(function (field) {
      const from = document.getElementById(field.dataset.copies);
      if (from) field.value = from.value;
    });
  }, true);
})();
