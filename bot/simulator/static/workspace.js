// What the page does beyond htmx: send with Enter, stay at the newest message, complete names, fill in an example, hold
// the keyboard in a modal.
(() => {
  "use strict";
  const NEAR_BOTTOM = 40; // pixels; closer than this, somebody reads the newest message
  const wide = window.matchMedia("(min-width: 761px)");

  // Streams stay at the newest message, at its beginning where it is longer than what fits, unless somebody scrolled
  // up to read.
  let away = new Set();
  const placed = new WeakMap();
  const streams = () => [...document.querySelectorAll(".stream")];
  const isAway = (stream) => Math.abs(stream.scrollTop - (placed.get(stream) ?? Infinity)) > 1
    && stream.scrollHeight - stream.scrollTop - stream.clientHeight >= NEAR_BOTTOM;
  const place = (stream) => {
    const newest = stream.querySelector(".entry:last-child .msg");
    const above = newest ? newest.getBoundingClientRect().top - stream.getBoundingClientRect().top + stream.scrollTop : Infinity;
    stream.scrollTop = Math.min(above, stream.scrollHeight);
    placed.set(stream, stream.scrollTop);
  };
  const settle = () => streams().forEach((stream) => { if (!away.has(stream)) place(stream); });
  document.addEventListener("htmx:before:swap", () => { away = new Set(streams().filter(isAway)); });

  const composerOf = (element) => element.closest(".chan").querySelector(".compose textarea");
  const typeInMain = () => document.querySelector("main .compose textarea")?.focus();
  const put = (box, text) => {
    box.setRangeText(text, box.selectionStart, box.selectionEnd, "end");
    box.focus();
  };

  // Enter sends, Shift+Enter begins a line; an open list of names takes Enter, Tab, arrows and Escape first.
  document.addEventListener("keydown", (event) => {
    const box = event.target;
    if (!box.matches?.(".compose textarea") || event.isComposing) return;
    const list = box.form.querySelector(".names");
    if (!list.hidden && names.key(event, box, list)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      box.form.requestSubmit();
    }
  });

  // Whoever names the bot is shown the thread as soon as it answers there. Not before: an answer for them alone stands
  // in the channel, which on a phone the thread would hide.
  let awaited = "";
  const openAnswer = () => {
    const link = awaited && document.querySelector(`#stream .open[href*="thread=${awaited}"]`);
    if (!link) return;
    awaited = "";
    link.click();
  };

  // A sent message leaves the box, what was typed since stays in it; its new number lets only a new message be sent.
  const sent = new WeakMap();
  document.addEventListener("htmx:before:request", (event) => {
    const form = event.detail.ctx.sourceElement;
    if (form.matches?.(".compose")) sent.set(form, form.elements.text.value);
  });
  document.addEventListener("htmx:after:request", (event) => {
    const { ctx } = event.detail;
    const form = ctx.sourceElement;
    if (!form.matches?.(".compose") || !ctx.response?.raw.ok) return;
    const box = form.elements.text;
    if (box.value.startsWith(sent.get(form))) box.value = box.value.slice(sent.get(form).length);
    form.elements.nonce.value = crypto.randomUUID();
    detach(form);
    awaited = ctx.response.raw.headers.get("X-Asked") ?? "";
    openAnswer();
    place(form.closest(".chan").querySelector(".stream"));
    if (wide.matches || document.activeElement === box) box.focus();
  });

  // A chosen picture is named above the box until it is sent, or taken away.
  const showFile = (form) => {
    const [file] = form.elements.file.files;
    const named = form.querySelector(".attached");
    named.hidden = !file;
    named.firstElementChild.textContent = file?.name ?? "";
  };
  const detach = (form) => {
    form.elements.file.value = "";
    showFile(form);
  };
  document.addEventListener("change", (event) => {
    if (!event.target.matches(".compose [type=file]")) return;
    event.target.closest("[popover]").hidePopover();
    showFile(event.target.form);
    event.target.form.elements.text.focus();
  });

  // What the workspace refused is said, above a modal too.
  let hush;
  document.addEventListener("htmx:response:error", (event) => {
    const refused = document.getElementById("refused");
    refused.textContent = event.detail.ctx.text;
    refused.showPopover();
    clearTimeout(hush);
    hush = setTimeout(() => refused.hidePopover(), 6000);
  });

  // An empty message is not sent.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches(".compose") && !form.elements.text.value.trim() && !form.elements.file.files.length) {
      event.preventDefault();
      event.stopImmediatePropagation();
      form.elements.text.focus();
    }
  }, true);

  document.addEventListener("click", (event) => {
    const fill = event.target.closest("[data-fill]");
    if (fill) {
      const box = composerOf(fill);
      box.value = "";
      put(box, fill.dataset.fill);
    }
    // A button that asks first, and a button that also leads somewhere.
    const asks = event.target.closest("[data-confirm]");
    if (asks && !window.confirm(asks.dataset.confirm)) {
      event.preventDefault();
      return;
    }
    const leads = event.target.closest("[data-url^='http']");
    if (leads) window.open(leads.dataset.url, "_blank", "noopener");
    if (event.target.closest("[popover]:not(#members-pop) :is(a, button)")) event.target.closest("[popover]").hidePopover();
    const undo = event.target.closest("[data-detach]");
    if (undo) detach(undo.form);
    if (event.target.closest("a[href='#rail']")) delete document.getElementById("rail").dataset.shut;
    const mention = event.target.closest("[data-mention]");
    if (mention) put(composerOf(mention), mention.dataset.mention);
    const name = event.target.closest(".names [role=option]");
    if (name) names.take(name.closest("form").elements.text, name);
  });

  // Names: `@` offers people, `/` at the very beginning offers commands.
  const names = {
    wanted(box) {
      const typed = box.value.slice(0, box.selectionStart);
      const command = /^\/(\w*)$/.exec(typed);
      if (command) return { from: 0, all: box.dataset.commands.split("|"), sign: "", part: typed };
      const mention = /(?:^|\s)@([^@\n]{0,30})$/.exec(typed);
      if (!mention) return null;
      return { from: typed.length - mention[1].length - 1, all: box.dataset.mentions.split("|"), sign: "@", part: mention[1] };
    },
    show(box) {
      const list = box.form.querySelector(".names");
      const wanted = names.wanted(box);
      const part = wanted?.part.toLowerCase() ?? "";
      const found = wanted ? wanted.all.filter((name) => name.toLowerCase().startsWith(part)).slice(0, 6) : [];
      const typedOut = found.length === 1 && found[0].toLowerCase() === part;
      list.replaceChildren(...(typedOut ? [] : found).map((name, index) => {
        const option = document.createElement("li");
        option.id = `${list.id}-${index}`;
        option.role = "option";
        option.textContent = wanted.sign + name;
        option.ariaSelected = String(index === 0);
        return option;
      }));
      list.hidden = !list.children.length;
      box.setAttribute("aria-activedescendant", list.hidden ? "" : list.children[0].id);
    },
    take(box, option) {
      const { from } = names.wanted(box);
      box.setSelectionRange(from, box.selectionStart);
      put(box, `${option.textContent} `);
      names.show(box);
    },
    key(event, box, list) {
      const options = [...list.children];
      const at = options.findIndex((option) => option.ariaSelected === "true");
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) {
        options[at].ariaSelected = "false";
        const next = options[(at + step + options.length) % options.length];
        next.ariaSelected = "true";
        box.setAttribute("aria-activedescendant", next.id);
      } else if (event.key === "Escape") {
        list.hidden = true;
      } else if (event.key === "Tab" || event.key === "Enter") {
        names.take(box, options[at]);
      } else {
        return false;
      }
      event.preventDefault();
      return true;
    },
  };
  document.addEventListener("input", (event) => { if (event.target.matches(".compose textarea")) names.show(event.target); });
  document.addEventListener("focusin", (event) => {
    document.querySelectorAll(".names").forEach((list) => { list.hidden ||= !list.parentElement.contains(event.target); });
  });
  // A press on a name leaves the focus, and with it the place in the text, in the box.
  document.addEventListener("mousedown", (event) => { if (event.target.closest(".names")) event.preventDefault(); });

  // The stream of changes: where it breaks, say so; when it is back, stop saying so.
  const lost = (isLost) => {
    document.getElementById("lost").hidden = !isLost;
    document.documentElement.dataset.live = isLost ? "no" : "yes";
  };
  document.addEventListener("htmx:sse:error", () => lost(true));
  document.addEventListener("htmx:sse:after:connection", () => lost(false));

  // A modal holds the keyboard until it is closed; then whoever had it has it again. Without scripts it only lies on top.
  let before = null;
  let inFront = "";
  let sentForm = false;
  const hold = () => {
    const dialog = document.getElementById("dialog");
    if (!dialog) {
      if (inFront) before?.isConnected ? before.focus() : typeInMain();
      inFront = "";
      sentForm = false;
      return;
    }
    if (!inFront) before = document.activeElement;
    if (!dialog.matches(":modal")) {
      dialog.removeAttribute("open");
      dialog.showModal();
    }
    if (inFront !== dialog.dataset.view) {
      inFront = dialog.dataset.view;
      const field = dialog.querySelector("[data-first]") ?? dialog.querySelector(":is(input, textarea, select):not([type=hidden])");
      // A phone would unfold its keyboard over what is asked.
      ((wide.matches && field) || dialog.querySelector("h2")).focus();
    }
    const fault = sentForm && dialog.querySelector("[aria-invalid]");
    if (!fault) return;
    sentForm = false;
    (fault.matches("fieldset") ? fault.querySelector("input:not([type=hidden])") : fault).focus();
  };
  const close = (event) => {
    event.preventDefault();
    document.getElementById("modal-close").requestSubmit();
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && document.querySelector("#dialog:modal")) close(event);
  });
  // On a phone the gesture that goes back closes it.
  document.addEventListener("cancel", (event) => { if (event.target.id === "dialog") close(event); }, true);
  document.addEventListener("submit", (event) => { sentForm ||= event.submitter?.value === "submit"; });

  document.addEventListener("htmx:after:swap", (event) => {
    settle();
    openAnswer();
    hold();
    if (event.detail.ctx?.target?.id !== "work") return;
    // The list of channels that a phone unfolded has done its work; the browser itself would keep it open.
    document.getElementById("rail").dataset.shut = "";
    // Another channel was opened: its box is ready to type. A phone would unfold its keyboard over the messages.
    if (wide.matches && !document.activeElement?.closest(".compose")) typeInMain();
  });
  settle();
  if (wide.matches) typeInMain();
  hold();
})();
