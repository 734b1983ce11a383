/** Shows a part of the form only while the option that needs it is chosen: `data-reveal="portion=part"`. */
export default function reveal(part) {
  const [name, value] = part.dataset.reveal.split("=")
  const options = part.closest("form").querySelectorAll(`[name="${CSS.escape(name)}"]`)
  const update = () => {
    const isChosen = [...options].some((option) => option.checked && option.value === value)
    part.hidden = !isChosen
  }
  for (const option of options) option.addEventListener("change", update)
  addEventListener("pageshow", update)
  update()
}
