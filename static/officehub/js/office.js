/* The few things a page cannot do alone. No eval, no inline handlers: elements say what they want in data attributes. */
(function () {
  "use strict";
  const POLL_MS = 25000;
  const STOPPED_MS = 15000;
  const CHINESE = {
    faulty: "草稿里有填错的地方，还不能保存；请先改正，再加减附件。",
    changed: "文稿已在别处改动，请刷新页面后再加减附件。",
    closed: "登录已过期或无权操作，请刷新页面。",
    broken: "系统出错，刚才的操作没有完成，请稍后再试。",
    unsent: "网络不通，刚才的操作没有送达，请稍后再试。",
    fixed: "已改，正在核对……",
  };
  const ENGLISH = {
    faulty: "The draft cannot be saved yet; please correct it first.",
    changed: "The draft was changed elsewhere; please reload the page first.",
    closed: "You are logged out or may not do this; please reload the page.",
    broken: "Something went wrong and nothing was done; please try again later.",
    unsent: "No connection; nothing was sent. Please try again later.",
    fixed: "Changed, checking…",
  };
  const SAID = document.documentElement.lang === "en" ? ENGLISH : CHINESE;

  /* "/" goes to the search box, unless one is writing. */
  document.addEventListener("keydown", function (event) {
    const writing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || writing || event.ctrlKey || event.metaKey || event.altKey) return;
    const box = document.querySelector("[data-search]");
    if (!box) return;
    event.preventDefault();
    box.focus();
    box.select();
  });

  /* A phrase goes into its box where the cursor is; into an empty or unchosen place at the end; a name on its own line,
     once. */
  function fill(chip) {
    const box = document.getElementById(chip.dataset.fills);
    const words = chip.dataset.words || chip.textContent.trim();
    if ("line" in chip.dataset) return addLine(box, words);
    const untouched = box.value.trim() === "";
    const from = untouched ? 0 : box.selectionStart;
    const to = untouched ? box.value.length : box.selectionEnd;
    box.setRangeText(words, from, to, "end");
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus();
  }

  function addLine(box, words) {
    const lines = box.value.split("\n").filter(function (line) { return line.trim(); });
    if (!lines.includes(words)) box.value = [...lines, words].join("\n");
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus();
  }

  /* A fix offered by a rule replaces what its field holds. */
  function replaceField(button) {
    const box = document.getElementById(button.dataset.sets);
    if (!box) return;
    box.value = button.dataset.value;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus();
    button.disabled = true;
    button.textContent = SAID.fixed;
    say(SAID.fixed);
  }

  /* Tick every box of a name in one frame; press again to clear them. */
  function tickAll(button) {
    const boxes = [...button.closest(button.dataset.within).querySelectorAll("input[name=" + button.dataset.ticks + "]")];
    const full = boxes.every(function (box) { return box.checked; });
    boxes.forEach(function (box) { box.checked = !full; });
  }

  document.addEventListener("click", function (event) {
    const setter = event.target.closest("[data-sets]");
    if (setter) return replaceField(setter);
    const ticker = event.target.closest("[data-ticks]");
    if (ticker) return tickAll(ticker);
    const chip = event.target.closest("[data-fills]");
    if (chip) return fill(chip);
    const opener = event.target.closest("[data-opens]");
    if (opener) {
      event.preventDefault();
      return document.getElementById(opener.dataset.opens).showModal();
    }
    const closer = event.target.closest("[data-closes]");
    if (closer) return closer.closest("dialog").close();
    if (event.target.matches("dialog.drawer")) event.target.close();
    document.querySelectorAll("details.person[open], details.more[open]").forEach(function (open) {
      if (!open.contains(event.target)) open.removeAttribute("open");
    });
  });

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    document.querySelectorAll("details.person[open], details.more[open]").forEach(function (open) {
      open.removeAttribute("open");
      open.querySelector("summary").focus();
    });
  });

  /* Fields that something was typed in are guarded until their form is sent. */
  let unsaved = null;
  document.addEventListener("input", function (event) {
    const form = event.target.closest("form[data-guard]");
    if (form) unsaved = form;
  });
  window.addEventListener("beforeunload", function (event) {
    if (!unsaved || !unsaved.isConnected) return;
    event.preventDefault();
    event.returnValue = ""; /* what Chromium before 119 asks for */
  });

  /* A form beside a draft (an attachment) waits until what was typed in the draft is kept; the page comes anew after it. */
  function keepFirst(form, draft) {
    const sending = new XMLHttpRequest();
    sending.open("POST", draft.action);
    sending.addEventListener("load", function () {
      if (sending.status === 200) {
        unsaved = null;
        form.requestSubmit();
      } else if (sending.status === 422) say(SAID.faulty);
      else if (sending.status === 409) say(SAID.changed);
      else say(sending.status === 403 ? SAID.closed : SAID.broken);
    });
    sending.addEventListener("error", function () { say(SAID.unsent); });
    sending.send(new FormData(draft));
  }
  document.addEventListener("submit", function (event) {
    const first = event.target.dataset.savesFirst;
    if (!first || !unsaved || unsaved.id !== first) return;
    event.preventDefault();
    keepFirst(event.target, unsaved);
  });

  /* More text than the house takes in one piece is not sent at all: what was typed stays, and its field says so. */
  const MOST_BYTES = 3 * 1024 * 1024; /* the house takes 4 MB, with what the encoding adds */
  function weight(box) { return new TextEncoder().encode(box.value).length; }
  document.addEventListener("submit", function (event) {
    const form = event.target;
    if (!form.matches("form[data-guard]")) return;
    const boxes = [...form.querySelectorAll("textarea, input:not([type=file])")];
    boxes.sort(function (one, other) { return weight(other) - weight(one); });
    if (boxes.reduce(function (sum, box) { return sum + weight(box); }, 0) <= MOST_BYTES) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const label = boxes[0].labels.length ? boxes[0].labels[0].textContent.trim() : boxes[0].name;
    say("“" + label + "”太长，没有提交（上限 3 MB）；内容还在，请删减或改为附件后再提交。");
    boxes[0].focus();
  }, true);

  /* A form is sent once. A refusal, an htmx answer or the back button makes its buttons live again. */
  function rest(form) {
    form.querySelectorAll("[data-sent]").forEach(function (button) {
      button.disabled = false;
      button.removeAttribute("aria-busy");
      button.removeAttribute("data-sent");
    });
  }
  document.addEventListener("submit", function (event) {
    const form = event.target;
    if (event.defaultPrevented || form.method === "get" || form.method === "dialog") return;
    if (unsaved === form) unsaved = null;
    /* After this tick the browser has taken the pressed button's name and value along. */
    setTimeout(function () {
      form.querySelectorAll("button:not([type=button]):not(:disabled)").forEach(function (button) {
        button.disabled = true;
        button.dataset.sent = "";
        if (button === event.submitter) button.setAttribute("aria-busy", "true");
      });
    }, 0);
    setTimeout(rest, STOPPED_MS, form); /* a download, or a page load that was stopped */
  });
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) document.querySelectorAll("form").forEach(rest);
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    const cause = event.detail.requestConfig.triggeringEvent;
    if (!cause || cause.type !== "submit") return; /* a check while typing is not a saving */
    const form = event.target.closest("form");
    if (form) rest(form);
    if (event.detail.successful && form === unsaved) unsaved = null;
  });

  /* A failed request says so instead of leaving one to wonder. */
  function say(words) {
    const place = document.getElementById("announcer");
    place.textContent = words;
    place.classList.remove("unseen");
    place.classList.add("announced");
    setTimeout(function () {
      place.classList.add("unseen");
      place.classList.remove("announced");
    }, 6000);
  }
  document.addEventListener("htmx:sendError", function () { say(SAID.unsent); });
  document.addEventListener("htmx:responseError", function (event) {
    const code = event.detail.xhr.status;
    if (code === 403) say(SAID.closed);
    else if (code >= 500) say(SAID.broken);
  });

  /* News is asked for only while somebody looks; and at once on coming back. */
  function poll() {
    if (document.visibilityState === "visible") document.body.dispatchEvent(new CustomEvent("office:poll"));
  }
  setInterval(poll, POLL_MS);
  document.addEventListener("visibilitychange", poll);

  const faults = document.querySelector("[data-errors]");
  if (faults) faults.focus();

  /* On a phone the bar that leads to the decision goes away when the decision itself is in sight. */
  const jump = document.querySelector("[data-jump]");
  const goal = jump && document.querySelector(jump.getAttribute("href"));
  if (goal && "IntersectionObserver" in window) {
    new IntersectionObserver(function (seen) {
      jump.parentElement.classList.toggle("is-there", seen[0].isIntersecting);
    }, { threshold: 0.25 }).observe(goal);
  }

  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-print]")) window.print();
  });

  /* A draft shows what its kind and direction have, as the server does when the page is loaded. */
  function showForKind(form) {
    const kind = form.elements.kind.value;
    const direction = form.elements.direction.value;
    form.querySelectorAll("[data-kinds]").forEach(function (part) {
      const off = !part.dataset.kinds.split(" ").includes(kind);
      part.hidden = off;
      if (part.tagName === "OPTION") part.disabled = off;
    });
    form.querySelectorAll("select").forEach(function (choice) {
      if (!choice.querySelector("option[data-kinds]")) return;
      const offered = choice.querySelector("option:checked:not([hidden])") || choice.querySelector("option:not([hidden])");
      if (offered) offered.selected = true;
    });
    const up = direction === "upward" || (!direction && form.dataset.upward.split(" ").includes(kind));
    form.querySelectorAll("[data-upward-only]").forEach(function (part) { part.hidden = !up; });
  }
  document.addEventListener("change", function (event) {
    const form = event.target.form;
    if (form && form.dataset.upward !== undefined && ["kind", "direction"].includes(event.target.name)) showForKind(form);
  });

  /* A list filters itself as soon as one chooses; without script its button does. */
  document.addEventListener("change", function (event) {
    if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
  });

  /* Enter in a search for people searches; it does not send the form around it. */
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Enter" || !event.target.matches(".picker-search")) return;
    event.preventDefault();
    event.target.dispatchEvent(new Event("search", { bubbles: true }));
  });
})();
