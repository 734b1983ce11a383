/** Whether somebody has begun something in a part of the page that would be lost with it: text, a file, an opened form. */
export default function isTyping(part) {
  const isTouched = (field) => ["radio", "checkbox"].includes(field.type) ? field.checked !== field.defaultChecked : field.value
  return Boolean(part.querySelector("details[open] form"))
    || [...part.querySelectorAll("input:not([type=hidden]), textarea")]
      .some((field) => field === document.activeElement || isTouched(field))
}
