import css from './Watermark.module.css'

/** Demo data is marked on every view; behind the content, in the shade of the page, so that no text loses contrast. */
export function Watermark() {
  return (
    <div className={css.mark} aria-hidden="true">
      Demo
    </div>
  )
}
