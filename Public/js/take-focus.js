/** Takes the reader to the summary of what went wrong, and says so in the page's title. */
export default function takeFocus(summary) {
  summary.focus()
}
