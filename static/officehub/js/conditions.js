/* The editor of conditions, made handier: rows come and go, only fitting comparisons are offered, closed values are pressed.
   Without this script there are empty rows to fill in, and every comparison can be chosen. */
(function () {
  "use strict";
  const SEVERAL = ["in", "not_in"];

  function rows(editor) { return [...editor.querySelectorAll("[data-row]")]; }
  function part(row, name) { return row.querySelector("[data-" + name + "]"); }
  function isBlank(row) { return !part(row, "fact").value && !part(row, "value").value.trim(); }
  function chosen(row) { return part(row, "fact").selectedOptions[0]; }

  /* Only the comparisons that the fact's type knows; what was chosen and refused stays until another fact is chosen. */
  function fitOperators(row) {
    const type = chosen(row).dataset.type;
    const operator = part(row, "operator");
    const fitting = [...operator.options].filter(function (option) { return !type || option.dataset.types.split(" ").includes(type); });
    [...operator.options].forEach(function (option) { option.hidden = !fitting.includes(option); });
    return fitting;
  }
  function chooseFitting(row) {
    const fitting = fitOperators(row);
    const operator = part(row, "operator");
    if (!fitting.includes(operator.selectedOptions[0])) operator.value = fitting[0].value;
  }

  /* Where the values are closed they stand under the row as buttons. */
  function offer(row) {
    const place = part(row, "offered");
    const values = (chosen(row).dataset.choices || "").split("|").filter(Boolean);
    place.hidden = values.length === 0;
    place.replaceChildren(...values.map(function (value) {
      const button = document.createElement("button");
      button.type = "button";
      button.dataset.offers = value;
      button.textContent = value;
      return button;
    }));
  }

  /* One value replaces what is there; of several, a press adds it or takes it away again. */
  function take(row, value) {
    const box = part(row, "value");
    if (!SEVERAL.includes(part(row, "operator").value)) box.value = value;
    else {
      const values = box.value.split(/[\n,，、;；]/).map(function (one) { return one.trim(); }).filter(Boolean);
      box.value = (values.includes(value) ? values.filter(function (one) { return one !== value; }) : [...values, value]).join("、");
    }
    box.focus();
  }

  /* The first row is joined to nothing; a lone row is not taken away but emptied. */
  function settle(editor) {
    rows(editor).forEach(function (row, place) {
      row.classList.toggle("is-first", place === 0);
      row.setAttribute("aria-label", row.getAttribute("aria-label").replace(/\d+/, place + 1));
      part(row, "fact").id = part(row, "fact").id.replace(/_\d+_fact$/, "_" + (place + 1) + "_fact");
    });
  }
  function empty(row) {
    row.querySelectorAll("select").forEach(function (select) { select.selectedIndex = 0; });
    part(row, "value").value = "";
    fitOperators(row);
    offer(row);
  }
  function add(editor) {
    const all = rows(editor);
    const made = all[0].cloneNode(true);
    all[all.length - 1].after(made);
    empty(made);
    settle(editor);
    part(made, "fact").focus();
  }
  function remove(row) {
    const editor = row.closest("[data-condition]");
    const all = rows(editor);
    const next = all[all.indexOf(row) + 1] || all[all.indexOf(row) - 1];
    if (next) row.remove();
    else empty(row);
    settle(editor);
    part(next || row, "fact").focus();
  }

  /* Django puts the script into the head, before there is anything to make handier. */
  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("[data-condition]").forEach(prepare);
  });
  function prepare(editor) {
    for (let all = rows(editor); all.length > 1 && isBlank(all.at(-1)); all = rows(editor)) all.at(-1).remove();
    editor.querySelectorAll("[data-remove], [data-add]").forEach(function (button) { button.hidden = false; });
    rows(editor).forEach(function (row) { fitOperators(row); offer(row); });
    settle(editor);
  }

  document.addEventListener("change", function (event) {
    if (!event.target.matches("[data-condition] [data-fact]")) return;
    const row = event.target.closest("[data-row]");
    chooseFitting(row);
    offer(row);
  });
  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-condition] button");
    if (!button) return;
    const row = button.closest("[data-row]");
    if (button.matches("[data-add]")) add(button.closest("[data-condition]"));
    else if (button.matches("[data-remove]")) remove(row);
    else take(row, button.dataset.offers);
  });
})();
