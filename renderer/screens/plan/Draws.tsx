import { useMemo, useState } from 'react'
import { DEFAULT_DRAWS, DEFAULT_SEED, type DrawsProgress, type DrawsRun, type DrawsState } from '#shared/decision/draws.ts'
import { decimal } from '#shared/format.ts'
import { useDo } from '../../api.ts'
import { useNow } from '../../clock.ts'
import { Button } from '../../components/Button.tsx'
import { ChartFrame } from '../../components/ChartFrame.tsx'
import { StateChip } from '../../components/Chip.tsx'
import { FigureButton } from '../../components/FigureButton.tsx'
import type { Overrides } from '../../drafts.ts'
import text from '../../theme/text.module.css'
import { failureWords } from '../../words.ts'
import css from './Draws.module.css'
import {
  drawResults,
  histogramFinding,
  histogramOption,
  histogramSubtitle,
  histogramTable,
  madeOf,
  movedWords,
  progressWords,
  soFarWords,
  staleWords,
} from './draws-view.ts'
import plan from './PlanScreen.module.css'

/** The draws start here and go on in the engine: this view may be left. */
export function RunDraws({ site, overrides, state, onRun }: { site: string; overrides: Overrides; state: DrawsState; onRun: () => void }) {
  const run = useDo('plan.draws', ['plan.drawsState'])
  const cancel = useDo('plan.cancelDraws', ['plan.drawsState'])
  if (state.refused !== null) return null
  if (state.working !== null) return <Working of={state.working} onCancel={() => cancel.mutate({ site })} />
  return (
    <Button
      small
      onPress={() => {
        onRun()
        run.mutate({ site, overrides, draws: DEFAULT_DRAWS, seed: DEFAULT_SEED })
      }}
    >
      {state.run === null ? `Run ${decimal(DEFAULT_DRAWS, 0)} draws` : 'Run the draws again'}
    </Button>
  )
}

function Working({ of, onCancel }: { of: DrawsProgress; onCancel: () => void }) {
  return (
    <span className={css.working}>
      <progress className={css.bar} aria-label="Draws" max={1} value={of.share} />
      <span className={text.mute}>{progressWords(of)}</span>
      <Button small onPress={onCancel}>
        Cancel
      </Button>
    </span>
  )
}

export function Draws({ site, state, entered }: { site: string; state: DrawsState; entered: number }) {
  const { run } = state
  return (
    <div className={css.view}>
      {state.working !== null && (
        <p className={css.line} role="status">
          {soFarWords(state.working) || 'Drawing. You may leave this view; the draws go on.'}
        </p>
      )}
      {state.problem !== null && (
        <p className={css.line} role="alert">
          <b>The draws did not finish.</b> {failureWords({ kind: 'internal', message: state.problem })}
        </p>
      )}
      {run === null ? state.working === null && <NotYet /> : <Drawn site={site} state={state} run={run} entered={entered} />}
    </div>
  )
}

function NotYet() {
  return (
    <p className={css.line}>
      No draws were run yet. A run varies coin price and network, power, overrun, delay, lease and tenant together, and says how often
      converting ends up worse than mining on.
    </p>
  )
}

function Drawn({ site, state, run, entered }: { site: string; state: DrawsState; run: DrawsRun; entered: number }) {
  const nowMs = useNow(10_000)
  const option = useMemo(() => histogramOption(run), [run])
  const stale = staleWords(state)
  const moved = movedWords(state, entered, nowMs)
  return (
    <>
      {stale !== null && (
        <p className={css.stale} role="status">
          <StateChip state="stale">Stale</StateChip> {stale} Run the draws again for the present ones.
        </p>
      )}
      {moved !== null && <p className={css.line}>{moved}</p>}
      <dl className={[plan.figures, css.figures].join(' ')}>
        {drawResults(run).map((r) => (
          <div key={r.label}>
            <dt>{r.label}</dt>
            <dd className={[plan.value, r.loss ? text.loss : '', r.strong ? plan.strong : ''].join(' ')}>
              {r.value}
              {r.label === 'Entered case' && state.standing !== 'other' && (
                <FigureButton figure="npv_usd" of={site} name="NPV against keep-mining, entered case" />
              )}
            </dd>
            <dd className={plan.note}>{r.note}</dd>
          </div>
        ))}
      </dl>
      <ChartFrame
        className={[plan.chart, css.chart].join(' ')}
        title={histogramFinding(run)}
        subtitle={histogramSubtitle(run)}
        build={option}
        table={histogramTable(run)}
      />
      <p className={css.made}>{madeOf(run)}.</p>
    </>
  )
}

/** Said once when a run ends, wherever on the screen one is. */
export function DrawsAnnounced({ state }: { state: DrawsState }) {
  const [seen, setSeen] = useState({ hash: state.run?.inputHash ?? null, working: state.working !== null, said: '' })
  const now = { hash: state.run?.inputHash ?? null, working: state.working !== null }
  if (now.hash !== seen.hash || now.working !== seen.working)
    setSeen({
      ...now,
      said:
        seen.working && !now.working
          ? state.run !== null && state.problem === null
            ? `The draws ended: ${histogramFinding(state.run)}.`
            : 'The draws ended.'
          : '',
    })
  return (
    <span className={css.said} role="status">
      {seen.said}
    </span>
  )
}
