/** Stops a second press from sending a form twice. */
export default function submitOnce(form) {
  let sent = false
  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault()
    sent = true
  })
  addEventListener("pageshow", () => { sent = false })
}
