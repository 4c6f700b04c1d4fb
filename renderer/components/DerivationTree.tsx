import { useId, useState } from 'react'
import type { FigureExplanation } from '#shared/decision/figure.ts'
import { filledText, howText, originText, shownText } from '#shared/derivation-text.ts'
import type { Derivation, DerivedStep } from '#shared/economics/derivation.ts'
import { AgeText } from './AgeText.tsx'
import css from './DerivationTree.module.css'
import { Icon } from './Icon.tsx'

/** The whole way, or in words why there is none. */
export function FigureWay({ of, timeZone }: { of: FigureExplanation; timeZone: string }) {
  if (of.derivation === null) return <p className={css.reason}>{of.reason ?? 'Entered by a person on Plan: there is nothing to unfold.'}</p>
  return (
    <>
      {of.reason !== null && <p className={css.reason}>{of.reason}</p>}
      <DerivationTree of={of.derivation} timeZone={timeZone} />
    </>
  )
}

/** A formula with its steps in numbers and its inputs with source and age; an input that was computed unfolds in its place. */
export function DerivationTree({ of: d, timeZone }: { of: Derivation; timeZone: string }) {
  // A mere difference says nothing by itself: what it is the difference of stands open.
  const open = d.steps.length <= 1
  return (
    <div className={css.node}>
      <p className={css.formula}>
        <code>{d.formula}</code> section {d.section}, version {d.version}
      </p>
      {d.steps.length > 0 && (
        <ol className={css.steps} aria-label={`Steps of ${d.formula}`}>
          {d.steps.map((s) => (
            <Step key={s.name} step={s} of={d} />
          ))}
        </ol>
      )}
      <ul className={css.inputs} aria-label={`Inputs of ${d.formula}`}>
        {d.inputs.map((i) =>
          i.from === null ? (
            <li key={i.name}>
              <div className={css.row}>
                <code>{i.name}</code>
                <span className={css.value}>{shownText(i.value, i.unit)}</span>
              </div>
              {i.origin !== null && (
                <div className={css.origin}>
                  {originText(i.origin)}
                  {i.origin.observedAtMs !== null && (
                    <>
                      , <AgeText atMs={i.origin.observedAtMs} timeZone={timeZone} suffix=" old" />
                    </>
                  )}
                </div>
              )}
            </li>
          ) : (
            <Fold key={i.name} name={i.name} value={shownText(i.value, i.unit)} of={i.from} timeZone={timeZone} startsOpen={open} />
          ),
        )}
        {d.parts.map((p) => (
          <Fold key={p.of} name={p.of} value="" of={p.derivation} timeZone={timeZone} startsOpen={open} />
        ))}
      </ul>
    </div>
  )
}

function Step({ step, of }: { step: DerivedStep; of: Derivation }) {
  const filled = filledText(of, step)
  return (
    <li>
      <div className={css.row}>
        <code>{step.name}</code>
        <span className={css.value}>{shownText(step.value, step.unit)}</span>
      </div>
      {step.how !== null && (
        <div className={css.how}>
          <code>{howText(step.how)}</code>
          {filled !== howText(step.how) && <div>= {filled}</div>}
        </div>
      )}
    </li>
  )
}

function Fold({
  name,
  value,
  of,
  timeZone,
  startsOpen,
}: {
  name: string
  value: string
  of: Derivation
  timeZone: string
  startsOpen: boolean
}) {
  const [open, setOpen] = useState(startsOpen)
  const inner = useId()
  return (
    <li>
      <button
        type="button"
        className={css.fold}
        aria-expanded={open}
        aria-controls={open ? inner : undefined}
        onClick={() => setOpen(!open)}
      >
        <Icon name={open ? 'down' : 'right'} small />
        <code>{name}</code>
        <span className={css.value}>{value}</span>
      </button>
      {open ? (
        <div id={inner} className={css.inner}>
          <DerivationTree of={of} timeZone={timeZone} />
        </div>
      ) : (
        <div className={css.origin}>{of.formula}</div>
      )}
    </li>
  )
}
