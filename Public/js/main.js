/** Starts the behaviours that elements name: `data-behaviour="submit-once"`. `behaviours` is joined in at start. */
for (const element of document.querySelectorAll("[data-behaviour]")) {
  for (const name of element.dataset.behaviour.split(" ")) behaviours[name]?.(element)
}
