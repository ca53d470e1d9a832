/* The editor of stages: only what “由谁”, “方式” and “事项” call for is shown. Without this script everything is, and
   what is not called for may stay empty. */
(function () {
  "use strict";
  const ROLE = ["role", "drafting_role", "named_role", "chosen_role", "sender"];
  const DEPARTMENT = ["named_role", "named_head", "named_leader"];
  const CHOSEN = ["chosen_role", "chosen_heads", "chosen_leaders"];
  const SHOWN = {
    role: function (card) { return ROLE.includes(card.who); },
    person: function (card) { return card.who === "person"; },
    post: function (card) { return card.who === "post"; },
    department: function (card) { return DEPARTMENT.includes(card.who); },
    candidates: function (card) { return card.who === "sender"; },
    internal: function (card) { return CHOSEN.includes(card.who); },
    quota: function (card) { return card.mode === "ratio"; },
    weights: function (card) { return card.mode === "ratio"; },
    silence_consents: function (card) { return card.verb === "countersign"; },
  };

  function field(card, name) { return card.querySelector('[name$="-' + name + '"]'); }

  /* A field that shares its line is a box in it; one alone is the line. Faults are never hidden. */
  function place(card, name) {
    const line = card.querySelector(".form-row.field-" + name);
    const box = line && line.querySelector(".fieldBox.field-" + name);
    return box ? box.parentElement : line;
  }
  function fit(card) {
    const chosen = { who: field(card, "who").value, mode: field(card, "mode").value, verb: field(card, "verb").value };
    Object.entries(SHOWN).forEach(function ([name, calls]) {
      const spot = place(card, name);
      if (spot) spot.hidden = !calls(chosen) && !spot.querySelector(".errorlist");
    });
    card.querySelectorAll(".form-multiline").forEach(function (line) {
      line.parentElement.hidden = [...line.children].every(function (one) { return one.hidden; });
    });
  }

  function cards() { return [...document.querySelectorAll("#stages-group .inline-related")]; }
  document.addEventListener("DOMContentLoaded", function () { cards().forEach(fit); });
  document.addEventListener("formset:added", function (event) {
    if (event.detail.formsetName === "stages") fit(event.target);
  });
  document.addEventListener("change", function (event) {
    const card = event.target.closest("#stages-group .inline-related");
    if (card && /-(who|mode|verb)$/.test(event.target.name)) fit(card);
  });
})();
