/** Prints the page; the button is hidden where scripts are off. */
export default function print(button) {
  button.hidden = false
  button.addEventListener("click", () => window.print())
}
