import css from './AssumptionField.module.css'
import { Button } from './Button.tsx'
import { SourceChip } from './Chip.tsx'
import { NumberBox } from './NumberBox.tsx'

type AssumptionFieldProps = {
  label: string
  /** As shown: already in the unit of the box. */
  value: number
  min?: number | undefined
  max?: number | undefined
  step: number
  decimals: number
  unit: string
  chip: { readonly kind: 'default' | 'override' | 'plain'; readonly word: string; readonly title: string }
  onChange: (value: number) => void
  /** Why a typed figure cannot be taken, in words; null: it can. */
  refuse?: (value: number) => string | null
  /** Takes the override back; absent where there is none. */
  onReset?: (() => void) | undefined
}

/** Label, slider where there is a range, box, unit, then where the value comes from. Slider and box are the same value. */
export function AssumptionField({ label, value, min, max, step, decimals, unit, chip, onChange, refuse, onReset }: AssumptionFieldProps) {
  return (
    <div className={css.field}>
      <span className={css.label}>{label}</span>
      {min !== undefined && max !== undefined ? (
        <input
          className={css.slider}
          type="range"
          aria-label={`${label}, ${unit}`}
          aria-valuetext={`${value} ${unit}`}
          min={min}
          max={max}
          step={step}
          value={value}
          onChange={(event) => onChange(Number(event.target.value))}
        />
      ) : (
        <span />
      )}
      <NumberBox
        label={`${label}, ${unit}`}
        value={value}
        onChange={onChange}
        step={step}
        decimals={decimals}
        unit={unit}
        width={76}
        refuse={refuse}
      />
      <span className={css.unit}>{unit}</span>
      <span className={css.source}>
        <SourceChip kind={chip.kind} title={chip.title}>
          {chip.word}
        </SourceChip>
        {onReset && (
          <Button kind="link" small onPress={onReset} aria-label={`Reset ${label} to its default`}>
            Reset
          </Button>
        )}
      </span>
    </div>
  )
}

/** An assumption that is one of a few. */
export function ChoiceField<T extends string>({
  label,
  value,
  options,
  chip,
  onChange,
  onReset,
}: Pick<AssumptionFieldProps, 'label' | 'chip' | 'onReset'> & {
  value: T
  options: readonly { readonly id: T; readonly label: string }[]
  onChange: (value: T) => void
}) {
  return (
    <div className={css.field}>
      <span className={css.label}>{label}</span>
      <select
        className={css.select}
        aria-label={label}
        value={value}
        onChange={(event) => onChange(options.find((o) => o.id === event.target.value)?.id ?? value)}
      >
        {options.map((o) => (
          <option key={o.id} value={o.id}>
            {o.label}
          </option>
        ))}
      </select>
      <span className={css.source}>
        <SourceChip kind={chip.kind} title={chip.title}>
          {chip.word}
        </SourceChip>
        {onReset && (
          <Button kind="link" small onPress={onReset} aria-label={`Reset ${label} to its default`}>
            Reset
          </Button>
        )}
      </span>
    </div>
  )
}
