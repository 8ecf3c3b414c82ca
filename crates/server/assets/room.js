// Comfort only: every page works without this.
"use strict";

// n and p walk through the marks, / leads to the search box.
let at = -1;

const go = (step) => {
  const all = [...document.querySelectorAll(".body mark")];
  if (all.length === 0) return;
  at = at < 0 && step < 0 ? all.length - 1 : (at + step + all.length) % all.length;
  for (const mark of all) mark.classList.remove("here");
  all[at].classList.add("here");
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  all[at].scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
};

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "n") go(1);
  else if (event.key === "p") go(-1);
  else if (event.key === "/") {
    const box = document.getElementById("page-query");
    if (box) {
      event.preventDefault();
      box.focus();
      box.select();
    }
  }
});

for (const button of document.querySelectorAll("button[data-step]")) {
  button.hidden = false;
  button.addEventListener("click", () => go(Number(button.dataset.step)));
}

// Copying takes a script; what is copied can be selected without one.
for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(source.textContent);
    } catch {
      const range = document.createRange();
      range.selectNodeContents(source);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      document.execCommand("copy");
    }
    button.textContent = button.dataset.done;
  });
}

// A citation is copied where it is asked for; without a script its page opens.
const told = document.getElementById("page-told");
for (const link of document.querySelectorAll(".document a[data-cite]")) {
  link.addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    try {
      const page = new URL(link.href);
      const anchor = page.searchParams.get("anchor");
      const query = anchor ? `?${new URLSearchParams({ anchor })}` : "";
      const answer = await fetch(`/api/v1${page.pathname}${query}`);
      if (!answer.ok) throw new Error(answer.statusText);
      const { text } = await answer.json();
      await navigator.clipboard.writeText(text);
      told.textContent = `${told.dataset.copied}: ${text}`;
      setTimeout(() => { told.textContent = ""; }, 5000);
    } catch {
      location.href = link.href;
    }
  });
}

// The outline follows the text.
const entries = new Map();
for (const link of document.querySelectorAll(".outline a")) {
  const anchor = document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (anchor) entries.set(anchor.closest(".block, tr") ?? anchor, link);
}
if (entries.size > 0) {
  const inside = new Set();
  const watcher = new IntersectionObserver(
    (changes) => {
      for (const change of changes) {
        if (change.isIntersecting) inside.add(change.target);
        else inside.delete(change.target);
      }
      const first = [...entries.keys()].find((block) => inside.has(block));
      if (!first) return;
      for (const link of entries.values()) link.removeAttribute("aria-current");
      const link = entries.get(first);
      link.setAttribute("aria-current", "location");
      const frame = link.closest(".outline");
      const top = link.offsetTop - frame.clientHeight / 2;
      if (frame.scrollHeight > frame.clientHeight) frame.scrollTo({ top });
    },
    { rootMargin: "-10% 0px -60% 0px" },
  );
  for (const block of entries.keys()) watcher.observe(block);
}

// On a narrow screen filters and outline begin folded.
if (matchMedia("(max-width: 56rem)").matches) {
  for (const fold of document.querySelectorAll(".filters > details, .outline > details")) {
    fold.open = false;
  }
}
