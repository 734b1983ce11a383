/** Starts the behaviours that elements name: `data-behaviour="submit-once"`. `behaviours` is joined in at start. */
function start(part) {
  for (const element of [part, ...part.querySelectorAll("[data-behaviour]")]) {
    for (const name of element.dataset?.behaviour?.split(" ") ?? []) behaviours[name]?.(element)
  }
}
start(document)
