/** Looks again for what is still being prepared in a list, and puts it in its place; rarer each time, and not for ever. */
export default function lookAgain(list) {
  const [waitMin, waitMax] = [1000, 60_000] // Milliseconds.
  let wait = waitMin
  const later = () => {
    if (!list.querySelector("[data-open]") || wait > waitMax) return
    setTimeout(look, wait)
    wait *= 1.5
  }
  const look = async () => {
    const answer = document.hidden ? null : await fetch(location.href, { cache: "no-store" }).catch(() => null)
    const text = answer?.ok ? await answer.text() : ""
    const fresh = new DOMParser().parseFromString(text, "text/html").getElementById(list.id)
    const isUsed = list.contains(document.activeElement)
    if (fresh && !isUsed && fresh.innerHTML !== list.innerHTML) {
      list.replaceChildren(...fresh.childNodes)
      for (const part of list.children) start(part)
    }
    later()
  }
  later()
}
