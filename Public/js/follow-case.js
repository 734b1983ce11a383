/**
 * Follows a case while its page is seen: when the server tells another version, the page shows it. What somebody is
 * typing is never taken away; a link to the new page comes instead. Says that it is live only while the server is heard.
 */
export default function followCase(notice) {
  const silenceMax = 45_000 // Three of the server's beats, in milliseconds.
  const hiddenMax = 60_000
  const [waitMin, waitMax] = [15_000, 960_000] // Doubled each time that the server refuses.
  const [live, said, stale] = ["live", "said", "stale"].map((part) => notice.querySelector(`.follow__${part}`))
  const { page, events } = notice.dataset
  let [source, timer, wait, told, busy] = [null, 0, waitMin, "", false]

  const later = (act, milliseconds) => {
    clearTimeout(timer)
    timer = setTimeout(act, milliseconds)
  }
  const close = () => {
    clearTimeout(timer)
    source?.close()
    source = null
    live.hidden = true
  }
  const listen = () => {
    close()
    source = new EventSource(`${events}?version=${notice.dataset.version}`)
    for (const kind of ["same", "changed"]) source.addEventListener(kind, hear)
    source.addEventListener("error", () => {
      live.hidden = true
      if (source.readyState === EventSource.CLOSED) later(listen, wait = Math.min(wait * 2, waitMax))
    })
    later(listen, silenceMax)
  }
  const hear = (event) => {
    live.hidden = false
    wait = waitMin
    told = event.data
    if (!document.hidden) later(listen, silenceMax)
    update()
  }
  const update = async () => {
    if (busy || told === notice.dataset.version) return
    stale.hidden = !behaviours["is-typing"](notice.parentNode)
    if (!stale.hidden) return
    busy = true
    const answer = await fetch(page, { cache: "no-cache" }).catch(() => null)
    const text = answer?.ok ? await answer.text() : ""
    busy = false
    const fresh = new DOMParser().parseFromString(text, "text/html").querySelector("[data-behaviour~=follow-case]")
    if (!fresh || fresh.dataset.version === notice.dataset.version) return
    behaviours["show-newer"](notice, fresh)
    said.textContent = fresh.dataset.said
    said.hidden = false
    update()
  }
  const attend = () => document.hidden ? later(close, hiddenMax) : source ? later(listen, silenceMax) : listen()

  document.addEventListener("visibilitychange", attend)
  addEventListener("pagehide", close)
  addEventListener("pageshow", (event) => { if (event.persisted) listen() })
  attend()
}
