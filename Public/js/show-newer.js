/** Puts what follows an element on a newer page in the place of what follows it here; focus and place stay. */
export default function showNewer(here, newer) {
  const main = here.parentNode
  const focused = document.activeElement
  const losesFocus = main.contains(focused) && !here.contains(focused)
  const name = (element) => `${element.href ?? element.form?.action ?? ""} ${element.textContent}`
  const place = scrollY
  here.dataset.version = newer.dataset.version
  while (here.nextSibling) here.nextSibling.remove()
  while (newer.nextSibling) main.append(newer.nextSibling)
  for (let part = here.nextElementSibling; part; part = part.nextElementSibling) start(part)
  if (losesFocus) {
    const same = [...main.querySelectorAll("a, button, summary")].find((other) => name(other) === name(focused))
    const target = same ?? main
    target.focus({ preventScroll: true })
  }
  scrollTo(0, place)
}
