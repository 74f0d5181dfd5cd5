// What the theme leaves out for those who do not see the page, or have no mouse.

function mend() {
  const version = document.querySelector(".md-version__current");
  if (version) version.setAttribute("aria-label", `${version.textContent.trim()}: select version`);
  document.querySelector(".md-nav--primary")?.setAttribute("aria-label", "All pages");
  // Wide tables and blocks scroll by keyboard, too.
  for (const wide of document.querySelectorAll(".md-typeset__scrollwrap, .md-typeset pre > code")) wide.tabIndex = 0;
  for (const cell of document.querySelectorAll(".md-typeset th:empty")) cell.replaceWith(document.createElement("td"));
}

mend();
// The theme adds the selector of versions and the frames of tables later.
new MutationObserver(mend).observe(document.body, { childList: true, subtree: true });
