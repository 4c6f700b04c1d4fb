import { ToggleButton, ToggleButtonGroup } from 'react-aria-components'
import css from './Segmented.module.css'

type SegmentedProps<T extends string> = {
  label: string
  value: T
  options: readonly { readonly id: T; readonly label: string }[]
  onChange: (value: T) => void
}
/** One of a few, always exactly one. */
export function Segmented<T extends string>({ label, value, options, onChange }: SegmentedProps<T>) {
  return (
    <ToggleButtonGroup
      className={css.group ?? ''}
      aria-label={label}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[value]}
      onSelectionChange={(keys) => {
        const chosen = options.find((o) => keys.has(o.id))
        if (chosen) onChange(chosen.id)
      }}
    >
      {options.map((o) => (
        <ToggleButton key={o.id} id={o.id} className={css.option ?? ''}>
          {o.label}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  )
}
